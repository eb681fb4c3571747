import Foundation
import MPI

/// The caches of a core, in bytes.
struct CacheSizes: Equatable, CustomStringConvertible {
    let level1: Int
    let level2: Int
    let level3: Int

    /// What the system says of this host; 0 where it does not know.
    static var ofThisHost: CacheSizes {
        func size(_ name: Int) -> Int { max(0, sysconf(Int32(name))) }
        return CacheSizes(
            level1: size(Int(_SC_LEVEL1_DCACHE_SIZE)), level2: size(Int(_SC_LEVEL2_CACHE_SIZE)),
            level3: size(Int(_SC_LEVEL3_CACHE_SIZE)))
    }

    /// For example `32, 1024 and 32768 KiB`.
    var description: String { "\(level1 >> 10), \(level2 >> 10) and \(level3 >> 10) KiB" }
}

extension Session {
    /// Warns when hosts have caches of different sizes; a collective. oneDNN cuts its sums into blocks that fit the caches:
    /// equal instructions then don't make sure of equal bits.
    func warnAboutDifferentCaches() throws {
        let own = "\(CacheSizes.ofThisHost)"
        let first = try communicator.broadcast(own, root: 0, for: "the sizes of caches")
        let host = try agree { try MPIEnvironment.hostName() }
        let difference = own == first ? nil : "has caches of \(own) on \(host), and rank 0 of \(first)"
        guard let other = try communicator.firstFailure(difference, for: "the sizes of caches") else { return }
        logger.warning(
            """
            rank \(other.rank) \(other.message): oneDNN cuts its sums into blocks that fit the caches, so that the bits \
            may differ from those of hosts of one kind.
            """)
    }
}
