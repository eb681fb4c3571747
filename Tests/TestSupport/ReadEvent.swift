import Foundation
import XCTest

/// An event as TensorBoard's own reader finds it in a file.
public struct ReadEvent: Decodable, Equatable {
    /// What it says of one tag.
    public struct Value: Decodable, Equatable {
        /// The tag.
        public let tag: String
        /// Which part of TensorBoard shows it.
        public let plugin: String
        /// How the value is to be kept: 1 scalar, 2 tensor, 3 images.
        public let dataClass: Int
        /// Extents.
        public let shape: [Int]
        /// Numbers as Python writes them, which lose no bit.
        let numbers: [String]?
        /// Texts or files.
        public let strings: [Data]?
        /// Of the hparams plugin, as JSON with sorted keys.
        public let content: String?

        /// The numbers.
        public var doubles: [Double] { (numbers ?? []).map { Double($0) ?? .infinity } }
        /// The strings as texts.
        public var texts: [String] { (strings ?? []).map { String(decoding: $0, as: UTF8.self) } }
    }

    /// Seconds since 1970.
    public let wallTime: Double
    /// The step.
    public let step: Int
    /// Of the first event of a file.
    public let fileVersion: String
    /// Whether what earlier files have of this step and later ones is to be passed over.
    public let isStart: Bool
    /// What it says.
    public let values: [Value]

    /// The paths of a folder's event files, in the order in which TensorBoard reads them.
    public static func files(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            .filter { $0.hasPrefix("events.out.tfevents.") }.map { "\(folder)/\($0)" }
    }

    /// All events of a file. A reader ends silently where a bit is wrong: count them.
    public static func events(of files: String...) throws -> [ReadEvent] {
        let outcome = try Python.run([Python.script("read_events.py")] + files)
        XCTAssertEqual(outcome.status, 0, outcome.errors)
        return try outcome.output.split(separator: "\n").map {
            try JSONDecoder().decode(ReadEvent.self, from: Data($0.utf8))
        }
    }
}

/// What a TensorBoard server on the loopback interface answers.
public struct TensorBoardAnswers: Decodable {
    /// How the server reads files.
    public enum Loader: String, CaseIterable, Sendable {
        /// By the data server that it prefers.
        case fast
        /// By itself.
        case python
    }

    /// A row of the table of hyperparameters.
    public struct Group: Decodable {
        /// A cell.
        public struct Metric: Decodable {
            /// Names it.
            public struct Name: Decodable {
                /// Of a scalar.
                public let tag: String
            }
            /// Its name.
            public let name: Name
            /// Its last value.
            public let value: Double
        }
        /// A run.
        public struct Run: Decodable {
            /// How it ended.
            public let status: String
        }
        /// Settings that are texts or numbers.
        public let hparams: [String: Setting]
        /// Scores.
        public let metricValues: [Metric]?
        /// Its runs.
        public let sessions: [Run]
    }

    /// What a setting is set to.
    public enum Setting: Decodable, Equatable {
        /// A number.
        case number(Double)
        /// A text.
        case text(String)
        /// A truth value.
        case flag(Bool)

        /// As the server has it.
        public init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let flag = try? container.decode(Bool.self) {
                self = .flag(flag)
            } else if let number = try? container.decode(Double.self) {
                self = .number(number)
            } else {
                self = .text(try container.decode(String.self))
            }
        }
    }

    /// By plugin and run.
    public let tags: [String: [String: [String]]]
    /// Those of all points of a curve, by run and tag.
    public let steps: [String: [String: [Int]]]
    /// The rows of the table of hyperparameters.
    public let groups: [Group]

    /// Starts a server over a folder and asks it, once every run has a tag.
    public init(_ folder: String, _ loader: Loader, onceThereIs tag: String) throws {
        let outcome = try Python.run([Python.script("ask_tensorboard.py"), folder, loader.rawValue, tag], seconds: 90)
        XCTAssertEqual(outcome.status, 0, outcome.errors)
        self = try JSONDecoder().decode(TensorBoardAnswers.self, from: Data(outcome.output.utf8))
    }
}
