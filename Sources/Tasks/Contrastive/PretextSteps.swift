import Datasets
import Kernels
import Workers

/// The images of a step that is like one of training but for their being held out from it.
struct PretextStep: Equatable {
    /// Of all workers, in their order.
    let numbers: [Int]
    /// How many each worker has.
    let counts: [Int]
}

extension TaskSettings {
    /// Steps on held-out images, dealt to the workers at random so that no worker is told by what its images show.
    ///
    /// All of them are whole, since it is easier to find a view among fewer; where there are too few images for one, the
    /// only step has those that there are.
    func pretextSteps(of images: ImageSet) -> [PretextStep] {
        var generator = SeededGenerator(seed: seed, for: "images of the pretext task")
        let order = generator.permutation(of: images.count).prefix(contrastive.pretextImages)
        let batch = min(training.batch, order.count)
        let whole = workers * batch
        guard order.count >= whole else {
            let counts = (0..<workers).map { min(batch, max(0, order.count - $0 * batch)) }
            return [PretextStep(numbers: Array(order), counts: counts)]
        }
        return (0..<order.count / whole).map { step in
            PretextStep(
                numbers: Array(order[step * whole..<(step + 1) * whole]),
                counts: Array(repeating: batch, count: workers))
        }
    }
}
