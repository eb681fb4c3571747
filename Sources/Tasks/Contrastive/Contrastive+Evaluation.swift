import Autograd
import Datasets
import Foundation
import Training
import Workers

/// Tests the features on images that they were not learnt from, and the network at its own task.
extension Contrastive {
    /// How good the features are, by the classes of their neighbours; the same on every rank.
    struct NeighbourResult: Equatable {
        /// Images whose class the neighbours don't tell.
        let errors: Int
        /// All images.
        let images: Int

        var accuracyPercent: Double { 100 * Double(images - errors) / Double(images) }
    }

    /// How good the network is at its own task; the same on every rank.
    struct PretextResult: Equatable {
        /// The mean loss.
        let loss: Double
        /// Views whose partner is not the nearest of all other views of the step.
        let errors: Int
        /// All views.
        let views: Int
        /// First views whose worker is not told by `WorkerProbe`.
        let wrongWorkers: Int
        /// First views that it was asked for: none with a single worker, step or image a worker.
        let probedViews: Int

        var accuracyPercent: Double { 100 * Double(views - errors) / Double(views) }
        /// nil when it was asked for none.
        var probePercent: Double? {
            probedViews == 0 ? nil : 100 * Double(probedViews - wrongWorkers) / Double(probedViews)
        }
    }

    /// Accuracy of the neighbours, of the network's own task and of the probe, on the test images.
    public func evaluate() throws -> [Score] {
        let (neighbours, pretext) = (try askNeighbours(on: dataset.test), try pretext(on: dataset.test))
        var scores = [
            Score(
                "knn_accuracy_percent", neighbours.accuracyPercent,
                String(
                    format: "kNN accuracy %.2f%% (%d of %d images wrong)", neighbours.accuracyPercent,
                    neighbours.errors, neighbours.images)),
            Score("wrong_test_images", Double(neighbours.errors)),
            Score("test_images", Double(neighbours.images)),
            Score(
                "pretext_accuracy_percent", pretext.accuracyPercent,
                String(
                    format: "pretext accuracy %.2f%% (%d of %d views wrong)", pretext.accuracyPercent, pretext.errors,
                    pretext.views)),
            Score("pretext_wrong_views", Double(pretext.errors)),
            Score("pretext_views", Double(pretext.views)),
            Score("pretext_loss", pretext.loss, String(format: "loss %.4f", pretext.loss)),
        ]
        guard let probe = pretext.probePercent else { return scores }
        let chance = 100 / Double(hosting.workers)
        scores += [
            Score(
                "worker_probe_accuracy_percent", probe,
                String(format: "worker told of %.2f%% of the views (by chance %.2f%%)", probe, chance)),
            Score("worker_probe_chance_percent", chance),
            Score("worker_probe_wrong_views", Double(pretext.wrongWorkers)),
            Score("worker_probe_views", Double(pretext.probedViews)),
        ]
        return scores
    }

    /// Of the images that are looked at on the way.
    public func evaluateEpoch() throws -> EpochRow? {
        let images = dataset.evaluatedImages
        let (neighbours, pretext) = (try askNeighbours(on: images), try pretext(on: images))
        return [
            "part": dataset.validation == nil ? "test" : "validation", "images": "\(images.count)",
            "loss": "\(pretext.loss)", "pretext_accuracy_percent": "\(pretext.accuracyPercent)",
            "knn_accuracy_percent": "\(neighbours.accuracyPercent)",
            "worker_probe_accuracy_percent": pretext.probePercent.map { "\($0)" } ?? "",
        ]
    }

    /// Takes two views of each of some held-out images through the network as in training; running statistics stay as
    /// they are. A collective.
    func pretext(on images: ImageSet) throws -> PretextResult {
        var totals = ExactTotals(counts: 4, values: 1)
        var views: [WorkerViews] = []
        for (index, step) in settings.pretextSteps(of: images).enumerated() {
            let batch = batch(
                of: images, step.numbers, counts: step.counts, for: "held-out views", epoch: 0, step: index)
            let tape = Tape(layout: batch.layout, isRecording: false)
            let context = ForwardContext(tape, mode: .trainingWithoutUpdate)
            let features = try network.encoder(batch.images, context)
            let entropy = try crossEntropy(network.head(features, context), batch, tape)
            for loss in entropy.workerLossSums { totals.add(loss, toValue: 0) }
            totals.add(batch.rows.count, toCount: 0)
            totals.add(batch.rows.count - entropy.nearestPartners, toCount: 1)
            let unit = try batch.gathered(tape.unitRows(features), over: transport, hosting, for: "the features")
            views.append(
                WorkerViews(unit.array, columns: unit.rowCount, batch.pairs, workers: hosting.workers))
        }
        let told = workersTold(in: views)
        totals.add(told.count, toCount: 2)
        totals.add(told.count { !$0 }, toCount: 3)
        try totals.reduce(over: transport, for: "the pretext task")
        return PretextResult(
            loss: totals.value(0) / Double(totals.count(0)), errors: totals.count(1), views: totals.count(0),
            wrongWorkers: totals.count(3), probedViews: totals.count(2))
    }

    /// Whether a probe that is fitted to the first half of some steps tells the worker of each view of this rank in the
    /// others; of none where there is a single worker, step or image a worker.
    private func workersTold(in steps: [WorkerViews]) -> [Bool] {
        guard hosting.workers > 1, steps.count > 1 else { return [] }
        let probe = WorkerProbe(fittedTo: Array(steps.prefix(steps.count / 2)))
        return steps.dropFirst(steps.count / 2).flatMap { step in
            step.views(of: hosting.hosted).compactMap { probe.tells($0.worker, $0.place, in: step) }
        }
    }

    /// Tells the class of each image by those of the training images whose features are the nearest; a collective.
    func askNeighbours(on images: ImageSet) throws -> NeighbourResult {
        let statistics = try evaluationStatistics(of: player)
        let sample = settings.neighbourSample(of: dataset.train)
        let size = settings.evaluation.batch
        let hosted = try transport.hostedBatches(of: sample.count, size: size).flatMap { batch in
            try unitFeatures(of: dataset.train, sample[batch], statistics).array
        }
        let known = try transport.communicator.allgather(hosted, for: "the features of training images")
        let vote = NeighbourVote(
            known.flatMap { $0 }, labels: sample.map { Int(dataset.train.labels[$0]) }, classes: dataset.train.classes)
        var totals = ExactTotals(counts: 1, values: 0)
        for batch in transport.hostedBatches(of: images.count, size: size) {
            let features = try unitFeatures(of: images, batch, statistics)
            let errors = batch.enumerated().count { row, image in
                vote.label(of: features.row(row), neighbours: settings.contrastive.neighbours)
                    != Int(images.labels[image])
            }
            totals.add(errors, toCount: 0)
        }
        try totals.reduce(over: transport, for: "the errors of the neighbours")
        return NeighbourResult(errors: totals.count(0), images: images.count)
    }

    /// Features of images as they are, of length 1, with the statistics of evaluation.
    private func unitFeatures(
        of set: ImageSet, _ indices: some Collection<Int>, _ statistics: [String: ChannelStatistics]
    ) throws -> Tensor {
        let tape = Tape(layout: BatchLayout(images: indices.count), isRecording: false)
        let context = ForwardContext(tape, mode: settings.evaluation.statistics.mode, statistics: statistics)
        return tape.unitRows(try network.encoder(dataset.tensor(of: set, indices), context))
    }
}
