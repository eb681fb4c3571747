import Settings

extension Session {
    /// The configuration in a file that was handed over, which the first rank reads, once: the others need not see it, and
    /// a pipe holds it only once.
    ///
    /// - Parameter path: `-` and `/dev/stdin` are standard input.
    public func configuration(handedOver path: String) throws -> ConfigurationDraft {
        var text = ""
        try onFirst { text = try ConfigurationDraft.text(handedOver: path) }
        text = try communicator.broadcast(text, root: 0, for: "the configuration")
        return try agree { try ConfigurationDraft(yaml: text, file: path) }
    }
}
