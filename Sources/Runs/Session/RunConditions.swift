import Datasets
import Files
import Training

extension Session {
    /// What a run on these images depends on beside its configuration, as rank 0 finds it; a collective.
    package func conditions(of dataset: Dataset) throws -> Conditions {
        try fromFirst {
            Conditions(
                arithmetic: .inUse, caches: "\(CacheSizes.ofThisHost)",
                program: try Digest.hexadecimal(ofFile: "/proc/self/exe"), images: dataset.fingerprint)
        }
    }

    /// Makes all ranks fail when a run would go on with other images or other arithmetic than it began with, and warns of
    /// what may change its bits.
    ///
    /// - Parameters:
    ///   - before: what it began with, the same on every rank.
    ///   - now: what it would go on with, the same on every rank.
    package func requireSame(
        _ before: Conditions, asNow now: Conditions, of dataset: Dataset, in folder: RunFolder
    ) throws {
        if let difference = now.arithmetic.difference(from: before.arithmetic) {
            throw AgreedFailure(
                ArithmeticError.otherThanBefore(
                    folder: folder.path, inUse: difference.inUse, before: difference.before))
        }
        if now.images != before.images {
            throw AgreedFailure(ArithmeticError.otherImages(folder: folder.path, dataset: dataset.name))
        }
        if now.program != before.program {
            logger.warning(
                """
                \(folder.path): this run was begun by another build of normtrain, so that the bits may differ from those \
                of a run that never stopped.
                """)
        }
        if now.caches != before.caches {
            logger.warning(
                """
                \(folder.path): this run was begun with caches of \(before.caches) and has \(now.caches) here: oneDNN cuts \
                its sums into blocks that fit them, so that the bits may differ.
                """)
        }
    }
}
