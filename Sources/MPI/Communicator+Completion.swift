import COpenMPI

extension Communicator {
    /// From now on collectives of this communicator are watched; a collective.
    ///
    /// - Parameters:
    ///   - limits: when `report` is called.
    ///   - report: called while waiting, on the lowest rank that waits; it may end the job.
    public func watchStalls(_ limits: StallWatch.Limits, report: @escaping (StallWatch.Event) -> Void) throws {
        stallWatch = size > 1 ? try StallWatch(limits: limits, over: self, report: report) : nil
    }

    /// Starts a collective, and returns when it is complete.
    ///
    /// - Parameters:
    ///   - purpose: what it is for, as a person should read it.
    ///   - call: the name of what `start` calls.
    func complete(
        _ purpose: String, _ call: StaticString, _ start: (_ request: inout MPI_Request?) -> Int32
    ) throws {
        var request: MPI_Request? = shim_MPI_REQUEST_NULL()
        try check(start(&request), call)
        try complete(Request(handle: request), purpose)
    }

    /// Returns when a collective is complete.
    func complete(_ request: consuming Request, _ purpose: String) throws {
        if let stallWatch {
            try stallWatch.complete(request, purpose)
        } else {
            try request.wait()
        }
    }
}
