import Foundation

/// The recorded steps in the format of Chrome's trace viewer, which Perfetto opens: a track for each rank, and on it a
/// complete event (`ph` X) for each step, piece of work and collective, with times in microseconds since the first ranks'
/// clocks were compared.
public enum Trace {
    /// The whole file.
    ///
    /// - Parameter events: of each rank, as `ProfileRecorder.traceEvents` gives them.
    public static func file(events: [String]) -> String {
        "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n\(events.joined(separator: ",\n"))\n]}\n"
    }

    /// A text as JSON has it, with its quotation marks.
    static func quoted(_ text: String) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        guard let data = try? encoder.encode(text) else { return "\"\"" }
        return String(decoding: data, as: UTF8.self)
    }
}

extension ProfileRecorder {
    /// The events of this rank, separated by commas; only after `finish`.
    ///
    /// - Parameter host: where this rank ran.
    public func traceEvents(host: String) -> String {
        let track = Trace.quoted("rank \(communicator.rank) (\(host))")
        var events = ["process_name", "thread_name"].map { kind in
            #"{"name":"\#(kind)","ph":"M",\#(identity),"args":{"name":\#(track)}}"#
        }
        events.append(
            #"{"name":"process_sort_index","ph":"M",\#(identity),"args":{"sort_index":\#(communicator.rank)}}"#)
        let forward = recording.layers.texts.map(Trace.quoted)
        let backward = recording.layers.texts.map { Trace.quoted("\($0), backward") }
        let reductions = recording.purposes.texts.map { Trace.quoted("all-reduce: \($0)") }
        for span in recording.spans {
            switch span.kind {
            case .step(let step):
                events.append(event("\"step \(step + 1)\"", "step", span))
            case .work(let layer, let phase):
                let name = phase == .backward ? backward[layer] : forward[layer]
                events.append(event(name, phase.rawValue, span))
            case .collective(let purpose, let bytes):
                events += collective(reductions[purpose], bytes: bytes, span)
            }
        }
        return events.joined(separator: ",\n")
    }

    /// A collective, and in it the waiting until the last rank had come and what followed.
    private func collective(_ name: String, bytes: Int, _ span: Span) -> [String] {
        guard let outcome = span.outcome else { return [] }
        let arguments = "\"bytes\":\(bytes),\"last_rank\":\(outcome.lastRank)"
        var (waiting, moving) = (span, span)
        waiting.end = span.start + outcome.waiting
        moving.start = waiting.end
        return [
            event(name, "communication", span, arguments: arguments),
            event("\"waiting\"", "waiting", waiting, arguments: "\"last_rank\":\(outcome.lastRank)"),
            event("\"moving\"", "moving", moving, arguments: "\"bytes\":\(bytes)"),
        ]
    }

    /// Process 0 has a meaning of its own in Perfetto, so that numbers begin at 1.
    private var identity: String { "\"pid\":\(communicator.rank + 1),\"tid\":\(communicator.rank + 1)" }

    /// Both ends are rounded to nanoseconds, and the duration is their difference: what lies within another span still
    /// does in the file.
    private func event(_ name: String, _ category: String, _ span: Span, arguments: String = "") -> String {
        let start = nanoseconds(span.start)
        let times = "\"ts\":\(microseconds(start)),\"dur\":\(microseconds(nanoseconds(span.end) - start))"
        return #"{"name":\#(name),"cat":"\#(category)","ph":"X",\#(times),\#(identity),"args":{\#(arguments)}}"#
    }

    private func nanoseconds(_ time: Double) -> Int { Int((clock.common(time) * 1e9).rounded()) }

    private func microseconds(_ nanoseconds: Int) -> String {
        let fraction = String(nanoseconds % 1000)
        return "\(nanoseconds / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
    }
}
