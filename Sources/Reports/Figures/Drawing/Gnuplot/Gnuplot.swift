/// Draws figures with gnuplot (Debian's package gnuplot-nox), and its colours, tooltips and words by itself.
public struct Gnuplot: FigureDrawing {
    private let program: String
    private let limit: Duration

    /// - Parameters:
    ///   - program: what is started: a path, or a name that is looked for in `PATH`.
    ///   - limit: how long one figure may take.
    public init(program: String = "gnuplot", limit: Duration = .seconds(30)) {
        self.program = program
        self.limit = limit
    }

    /// The SVG of a figure. The four cubes need no gnuplot.
    public func svg(of figure: Figure) throws -> String {
        switch figure.content {
        case .lines(let plot): try drawn(plot.script, of: figure)
        case .intervals(let plot): try drawn(plot.script, of: figure)
        case .bars(let plot): try drawn(plot.script, of: figure)
        case .cubes:
            FigureFrame(figure).svg(
                CubesDrawing().content, width: CubesDrawing.width, height: CubesDrawing.height)
        }
    }

    private func drawn(_ script: GnuplotScript, of figure: Figure) throws -> String {
        let written: PipedProgram.Output
        do {
            written = try PipedProgram(program, ["-d", "-"], limit: limit).output(for: script.text)
        } catch PipedProgram.Failure.missing {
            throw DrawingError.gnuplotMissing
        } catch {
            throw DrawingError.gnuplotFailed(figure: figure.name, reason: "\(error)")
        }
        do {
            return try GnuplotPicture(written.standardOutput, script: script, figure: figure).svg
        } catch {
            // What gnuplot complains of explains best why there is no whole picture.
            let complaint = written.complaint ?? "\(error)"
            throw DrawingError.gnuplotFailed(figure: figure.name, reason: complaint)
        }
    }
}
