/// What becomes of an epoch's last step when it has fewer images than the others.
public enum LastBatch: String, CaseIterable, Codable, Sendable {
    /// It is a step as any other, of full length.
    case use
    /// It is left out.
    case drop
    /// Its rate is multiplied by its share of the images of a whole step.
    case scale
}

/// Whether a worker trains on the same images in every epoch.
public enum ShardChoice: String, CaseIterable, Codable, Sendable {
    /// The same ones in every epoch.
    case fixed
    /// Other ones in every epoch: all images are divided anew.
    case reshuffled
}

/// Which parameters the weight decay is for.
public enum DecayChoice: String, CaseIterable, Codable, Sendable {
    /// All of them.
    case all
    /// Those of convolutions and dense layers, without their biases and without the γ and β of norms.
    case weights
}
