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
        .library(name: "Workers", targets: ["Workers"]),
        .library(name: "Autograd", targets: ["Autograd"]),
        .library(name: "Normalization", targets: ["Normalization"]),
        .library(name: "Models", targets: ["Models"]),
    ],
    // Exact versions, since Package.resolved is not kept: nothing else may change what is built.
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-protobuf", exact: "1.39.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        // Builds nothing of the program: `swift package generate-documentation`.
        .package(url: "https://github.com/swiftlang/swift-docc-plugin", exact: "1.5.0"),
    ],
    targets: [
        .systemLibrary(name: "COpenMPI", pkgConfig: "ompi-c", providers: [.apt(["libopenmpi-dev"])]),
        .systemLibrary(name: "COneDNN", providers: [.apt(["libdnnl-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

        .target(name: "Catalogues"),
        .target(name: "Kernels", swiftSettings: vectorFlags),
        .target(name: "Threads"),
        .target(name: "OneDNN", dependencies: ["COneDNN", "Threads"]),
        .target(name: "MPI", dependencies: ["COpenMPI"]),
        .target(name: "Workers", dependencies: ["Kernels"]),
        .target(name: "Autograd", dependencies: ["Kernels", "OneDNN", "Threads", "Workers"]),
        .target(name: "Normalization", dependencies: ["Autograd", "Catalogues", "Kernels", "Threads", "Workers"]),
        .target(
            name: "Models", dependencies: ["Normalization", "Autograd", "Catalogues", "Kernels", "OneDNN", "Workers"]),
        .target(name: "Files", dependencies: [.product(name: "Crypto", package: "swift-crypto")]),
        .target(name: "Safetensors", dependencies: ["Files"]),
        .target(
            name: "Datasets", dependencies: ["CZlib", "Files", "Kernels", "Catalogues"],
            resources: [.embedInCode("Digits")]),
        .target(name: "Reports"),
        .target(
            name: "TensorBoard",
            dependencies: ["Files", .product(name: "SwiftProtobuf", package: "swift-protobuf")],
            exclude: ["Protocol/README.md", "Protocol/event.proto", "Protocol/hparams.proto"]),
        .target(
            name: "Training",
            dependencies: [
                "MPI", "Normalization", "Autograd", "Catalogues", "Kernels", "OneDNN", "Safetensors", "Files",
                "Workers",
                "Reports",
            ]),
        .target(
            name: "Tasks",
            dependencies: [
                "Training", "Models", "Normalization", "Autograd", "Catalogues", "Datasets", "Kernels", "Workers",
                "MPI",
            ]),
        .target(
            name: "Settings",
            dependencies: [
                "Tasks", "Training", "Models", "Normalization", "Workers", "Datasets", "Catalogues", "OneDNN", "Files",
                "Yams",
            ]),
        .target(
            name: "Runs",
            dependencies: [
                "Tasks", "Training", "Settings", "Reports", "TensorBoard", "Models", "Autograd", "Workers",
                "Catalogues", "Datasets", "Files", "MPI", "OneDNN", "Threads",
                .product(name: "Logging", package: "swift-log"),
            ]),
        .target(
            name: "Studies",
            dependencies: [
                "Runs", "Tasks", "Training", "Settings", "Reports", "TensorBoard", "Models", "Normalization",
                "Autograd", "Workers",
                "Catalogues", "Datasets", "Files", "Kernels", "MPI",
            ],
            // A link to configs/studies.
            resources: [.embedInCode("Library")]),
        .target(
            name: "Benchmarks",
            dependencies: [
                "Runs", "Tasks", "Training", "Settings", "Reports", "Models", "Autograd", "Workers", "Datasets",
                "Files", "Kernels", "MPI", "OneDNN", "Threads",
            ]),
        .executableTarget(
            name: "normtrain",
            dependencies: [
                "Studies", "Benchmarks", "Runs", "Settings", "Reports", "Catalogues", "Files", "MPI",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: neededInstructions),

        .testTarget(name: "TestSupport", dependencies: ["Workers", "Autograd", "Kernels", "Safetensors"]),
        .testTarget(name: "ThreadsTests", dependencies: ["Threads"]),
        .testTarget(name: "KernelsTests", dependencies: ["Kernels", "TestSupport"]),
        .testTarget(name: "OneDNNTests", dependencies: ["OneDNN", "COneDNN"]),
        .testTarget(name: "MPITests", dependencies: ["MPI"]),
        .testTarget(name: "WorkersTests", dependencies: ["Workers", "Kernels", "TestSupport"]),
        .testTarget(name: "AutogradTests", dependencies: ["Autograd", "Kernels", "Workers", "TestSupport"]),
        .testTarget(
            name: "NormalizationTests",
            dependencies: ["Normalization", "Autograd", "Catalogues", "Kernels", "Workers", "TestSupport"]),
        .testTarget(
            name: "ModelsTests",
            dependencies: [
                "Models", "Normalization", "Autograd", "Catalogues", "OneDNN", "Kernels", "Workers", "TestSupport",
            ]),
        .testTarget(name: "FilesTests", dependencies: ["Files", "TestSupport"]),
        .testTarget(name: "SafetensorsTests", dependencies: ["Safetensors", "Files", "TestSupport"]),
        .testTarget(name: "CataloguesTests", dependencies: ["Catalogues"]),
        .testTarget(name: "DatasetsTests", dependencies: ["Datasets", "Files", "Kernels", "TestSupport"]),
        .testTarget(
            name: "TrainingTests",
            dependencies: [
                "Training", "Tasks", "Models", "Normalization", "Autograd", "Catalogues", "Datasets", "Reports",
                "Workers", "Kernels", "OneDNN", "Safetensors", "Files", "MPI", "MPITests", "TestSupport",
            ]),
        .testTarget(
            name: "TasksTests",
            dependencies: [
                "Tasks", "Training", "Normalization", "Autograd", "Catalogues", "Datasets", "Kernels", "Workers", "MPI",
                "TrainingTests", "TestSupport",
            ]),
        .testTarget(
            name: "SettingsTests",
            dependencies: ["Settings", "Datasets", "Models", "Normalization", "Workers", "Catalogues"]),
        .testTarget(name: "ReportsTests", dependencies: ["Reports"]),
        .testTarget(name: "TensorBoardTests", dependencies: ["TensorBoard", "Files", "TestSupport"]),
        .testTarget(name: "RunsTests", dependencies: ["Runs", "Settings", "MPI"]),
        .testTarget(
            name: "StudiesTests",
            dependencies: [
                "Studies", "Tasks", "Settings", "Models", "Datasets", "Autograd", "OneDNN", "Workers",
            ]),
        .testTarget(name: "BenchmarksTests", dependencies: ["Benchmarks", "Settings", "Reports"]),
        .testTarget(
            name: "FuzzTests",
            dependencies: ["Settings", "Training", "Datasets", "Safetensors", "Files", "Kernels", "CZlib"]),
        .testTarget(
            name: "CommandLineTests",
            dependencies: [
                "normtrain", "Tasks", "Training", "Models", "Normalization", "Autograd", "Workers", "Datasets",
                "Safetensors", "TestSupport",
            ]),
        .testTarget(name: "ClusterTests"),
        .testTarget(name: "HouseTests"),
        .testTarget(name: "ReadmeTests"),
    ],
    swiftLanguageModes: [.v6]
)
