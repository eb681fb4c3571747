import Datasets
import XCTest

/// What is known of data sets before they are loaded.
final class CatalogueTests: XCTestCase {
    func testNamesAreThoseOfTheCommandLine() {
        XCTAssertEqual(Dataset.catalogue.map(\.name), ["digits", "fashion-mnist", "mnist", "cifar10"])
    }

    func testAnUnknownNameIsRefusedListingTheKnownOnes() {
        XCTAssertThrowsError(try Dataset.source("imagenet")) { error in
            XCTAssertEqual(
                "\(error)", "there is no data set 'imagenet': choose one of digits, fashion-mnist, mnist, cifar10")
        }
    }

    func testEverySourceGoesByTheNameOfItsDefinition() throws {
        for definition in Dataset.catalogue {
            XCTAssertEqual(try definition.make(DatasetSettings(trainImages: nil)).name, definition.name)
            XCTAssertFalse(definition.summary.isEmpty || definition.summary.contains("\n"), definition.summary)
        }
    }

    func testClassesShapeAndFolderAreKnownWithoutFiles() throws {
        let rows = try Dataset.catalogue.map { definition in
            let source = try definition.make(DatasetSettings(trainImages: nil))
            return "\(source.name) \(source.classes) \(source.imageShape) \(source.usualFolder ?? "-")"
        }
        XCTAssertEqual(
            rows,
            [
                "digits 10 8×8×1 -", "fashion-mnist 10 28×28×1 /usr/share/datasets/fashion-mnist",
                "mnist 10 28×28×1 /usr/share/datasets/mnist", "cifar10 10 32×32×3 -",
            ])
    }

    func testWhatIsKnownBeforehandHoldsForTheFilesThatAreThere() throws {
        for definition in Dataset.catalogue {
            let source = try definition.make(DatasetSettings(trainImages: nil))
            guard source.isAvailable else { continue }
            let dataset = try source.load()
            XCTAssertEqual(dataset.name, source.name)
            XCTAssertEqual([dataset.train.shape, dataset.test.shape], [source.imageShape, source.imageShape])
            XCTAssertEqual(dataset.train.classes, source.classes)
        }
    }

    func testSyntheticImagesHaveTheShapeOfTheDataSetAndAreAlwaysTheSame() throws {
        for definition in Dataset.catalogue {
            let source = try definition.make(DatasetSettings(trainImages: nil))
            let synthetic = source.synthetic(images: 20)
            XCTAssertEqual(synthetic.name, source.name)
            XCTAssertEqual([synthetic.train.shape, synthetic.test.shape], [source.imageShape, source.imageShape])
            XCTAssertEqual([synthetic.train.count, synthetic.test.count, synthetic.train.classes], [20, 1, 10])
            XCTAssertEqual(source.synthetic(images: 20).train.images, synthetic.train.images)
            XCTAssertEqual(source.synthetic(images: 20).train.labels, synthetic.train.labels)
            XCTAssertGreaterThan(Set(synthetic.train.labels).count, 4)
        }
    }
}
