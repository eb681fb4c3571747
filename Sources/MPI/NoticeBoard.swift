import COpenMPI

/// Numbers that ranks send to all others without waiting for anybody to take them.
final class NoticeBoard {
    private let communicator: Communicator
    /// What was sent and may still be under way; its buffers must live until it has left.
    private var outbox: [(buffer: UnsafeMutablePointer<Int64>, request: MPI_Request?)] = []

    /// - Parameter communicator: used for nothing else.
    init(_ communicator: Communicator) {
        self.communicator = communicator
    }

    deinit {
        // What a rank has not taken is given up, and its buffer with it: MPI may still read it.
        guard MPIEnvironment.isRunning else { return }
        for index in outbox.indices { MPI_Request_free(&outbox[index].request) }
    }

    /// Sends to every other rank.
    func tellAll(_ collective: Int64) throws {
        for other in 0..<communicator.size where other != communicator.rank {
            let buffer = UnsafeMutablePointer<Int64>.allocate(capacity: 1)
            buffer.initialize(to: collective)
            var request: MPI_Request? = shim_MPI_REQUEST_NULL()
            let rank = try exactCount(other, "MPI_Isend")
            try check(
                MPI_Isend(buffer, 1, shim_MPI_INT64_T(), rank, 0, communicator.handle, &request), "MPI_Isend")
            outbox.append((buffer, request))
        }
    }

    /// What came since the last call.
    func notices() throws -> [(rank: Int, collective: Int64)] {
        try clearOutbox()
        var notices: [(rank: Int, collective: Int64)] = []
        while true {
            var isThere: Int32 = 0
            var status = MPI_Status()
            try check(MPI_Iprobe(MPI_ANY_SOURCE, 0, communicator.handle, &isThere, &status), "MPI_Iprobe")
            if isThere == 0 { return notices }
            var collective: Int64 = 0
            try check(
                MPI_Recv(
                    &collective, 1, shim_MPI_INT64_T(), status.MPI_SOURCE, 0, communicator.handle,
                    shim_MPI_STATUS_IGNORE()),
                "MPI_Recv")
            notices.append((Int(status.MPI_SOURCE), collective))
        }
    }

    private func clearOutbox() throws {
        for index in outbox.indices.reversed() {
            var isSent: Int32 = 0
            try check(MPI_Test(&outbox[index].request, &isSent, shim_MPI_STATUS_IGNORE()), "MPI_Test")
            if isSent != 0 { outbox.remove(at: index).buffer.deallocate() }
        }
    }
}
