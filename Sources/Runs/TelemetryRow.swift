import Training

/// `telemetry.csv`: a row for each layer in each recorded step. Cells of distances that have no channel left are empty.
extension LayerDistances {
    /// The first line of the table.
    static let header = """
        step,epoch,layer,workers,mean_distance,variance_distance,largest_mean_distance,largest_variance_distance,\
        constant_channels,constant_in_worker

        """

    /// A row, without its line break.
    ///
    /// - Parameters:
    ///   - step: counted from 1, as in `metrics.csv`.
    ///   - epoch: counted from 1, as in `epochs.csv`.
    func row(step: Int, epoch: Int) -> String {
        let distances = [mean, variance, largestMean, largestVariance].map { $0.map { "\($0)" } ?? "" }
        return
            (["\(step)", "\(epoch)", layer, "\(workers)"] + distances + [
                "\(constantChannels)", "\(constantInWorker)",
            ]).joined(separator: ",")
    }
}
