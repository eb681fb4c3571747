/// The data sets a run can train on. The raw value is the name that configurations and the command line use.
public enum DatasetName: String, CaseIterable, Codable, Sendable {
    /// 1,797 handwritten digits of 8×8 pixels, part of the program.
    case digits
    /// 70,000 pictures of clothing, 28×28 pixels, in the files of MNIST.
    case fashionMNIST = "fashion-mnist"
    /// 70,000 handwritten digits of 28×28 pixels.
    case mnist
    /// 60,000 colour photographs of 32×32 pixels, in the binary version of its files.
    case cifar10

    /// The number of different labels.
    public var classes: Int { 10 }

    /// The folder that is looked into when none is named; nil where there is no such custom.
    public var defaultDirectory: String? {
        switch self {
        case .fashionMNIST: "/usr/share/datasets/fashion-mnist"
        case .mnist: "/usr/share/datasets/mnist"
        case .digits, .cifar10: nil
        }
    }
}
