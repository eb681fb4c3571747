// swift-tools-version:6.1
import PackageDescription

// The kernels need vector instructions: without them `addingProduct` calls libm and runs twenty times slower.
// NORMTRAIN_MARCH chooses another level, for example x86-64-v4 or native.
let march = Context.environment["NORMTRAIN_MARCH"] ?? "x86-64-v3"
#if arch(x86_64)
    let vectorFlags: [SwiftSetting] = [.unsafeFlags(["-Xcc", "-march=\(march)"])]
#else
    let vectorFlags: [SwiftSetting] = []
#endif
// So that the program can say in a sentence that a CPU lacks them.
let neededInstructions: [SwiftSetting] =
    march.hasPrefix("x86-64-v") ? [.define("KERNELS_NEED_" + march.uppercased().replacing("-", with: "_"))] : []

let package = Package(
    name: "normtrain",
    products: [
        .executable(name: "normtrain", targets: ["normtrain"]),
        .library(name: "MPI", targets: ["MPI"]),
        .library(name: "Autograd", targets: ["Autograd"]),
        .library(name: "Normalization", targets: ["Normalization"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .systemLibrary(name: "COpenMPI", pkgConfig: "ompi-c", providers: [.apt(["libopenmpi-dev"])]),
        .systemLibrary(name: "COneDNN", providers: [.apt(["libdnnl-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

        .target(name: "Kernels", swiftSettings: vectorFlags),
        .target(name: "Threads"),
        .target(name: "OneDNN", dependencies: ["COneDNN", "Threads"]),
        .target(name: "MPI", dependencies: ["COpenMPI"]),
        .target(name: "Autograd", dependencies: ["Kernels", "OneDNN", "Threads"]),
        .target(name: "Normalization", dependencies: ["Autograd", "Kernels", "Threads"]),
        .target(name: "Models", dependencies: ["Normalization", "Autograd", "Kernels", "OneDNN"]),
        .target(name: "Files", dependencies: [.product(name: "Crypto", package: "swift-crypto")]),
        .target(name: "Safetensors", dependencies: ["Files"]),
        .target(name: "Catalogues"),
        .target(
            name: "Datasets", dependencies: ["CZlib", "Files", "Kernels", "Catalogues"],
            resources: [.embedInCode("Digits")]),
        .target(
            name: "Training",
            dependencies: [
                "MPI", "Models", "Normalization", "Autograd", "Kernels", "Datasets", "Safetensors", "Files",
            ]),
        .target(
            name: "Experiments",
            dependencies: [
                "Training", "Models", "Normalization", "Autograd", "Kernels", "Datasets", "Files", "MPI", "OneDNN",
                "Threads", "Yams",
                .product(name: "Logging", package: "swift-log"),
            ]),
        .executableTarget(
            name: "normtrain",
            dependencies: [
                "Experiments", "Files", "MPI",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: neededInstructions),

        .testTarget(name: "TestSupport", dependencies: ["Normalization", "Autograd", "Kernels", "Safetensors"]),
        .testTarget(name: "ThreadsTests", dependencies: ["Threads"]),
        .testTarget(name: "KernelsTests", dependencies: ["Kernels", "TestSupport"]),
        .testTarget(name: "OneDNNTests", dependencies: ["OneDNN", "COneDNN"]),
        .testTarget(name: "MPITests", dependencies: ["MPI"]),
        .testTarget(name: "AutogradTests", dependencies: ["Autograd", "Kernels", "TestSupport"]),
        .testTarget(name: "NormalizationTests", dependencies: ["Normalization", "Autograd", "Kernels", "TestSupport"]),
        .testTarget(
            name: "ModelsTests",
            dependencies: ["Models", "Normalization", "Autograd", "OneDNN", "Kernels", "TestSupport"]),
        .testTarget(name: "FilesTests", dependencies: ["Files", "TestSupport"]),
        .testTarget(name: "SafetensorsTests", dependencies: ["Safetensors", "Files", "TestSupport"]),
        .testTarget(name: "CataloguesTests", dependencies: ["Catalogues"]),
        .testTarget(name: "DatasetsTests", dependencies: ["Datasets", "Files", "TestSupport"]),
        .testTarget(
            name: "TrainingTests",
            dependencies: ["Training", "OneDNN", "Safetensors", "Files", "MPI", "MPITests", "TestSupport"]),
        .testTarget(name: "ExperimentsTests", dependencies: ["Experiments", "Training", "Normalization", "MPI"]),
        .testTarget(
            name: "FuzzTests",
            dependencies: ["Experiments", "Training", "Datasets", "Safetensors", "Files", "Kernels", "CZlib"]),
        .testTarget(
            name: "CommandLineTests",
            dependencies: [
                "normtrain", "Training", "Models", "Normalization", "Autograd", "Datasets", "Safetensors",
                "TestSupport",
            ]),
        .testTarget(name: "ClusterTests"),
        .testTarget(name: "HouseTests"),
        .testTarget(name: "ReadmeTests"),
    ],
    swiftLanguageModes: [.v6]
)
