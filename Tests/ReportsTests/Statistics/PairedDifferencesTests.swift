import XCTest

@testable import Reports

/// Two settings over paired seeds.
final class PairedDifferencesTests: XCTestCase {
    func testPairsAreTheSeedsThatBothHave() throws {
        let differences = try PairedDifferences(
            first: trials([30, 10, 20], seeds: [3, 1, 2]), second: trials([7, 5, 9], seeds: [4, 3, 1]))
        XCTAssertEqual(differences.pairs.map(\.seed), [1, 3])
        XCTAssertEqual(differences.pairs.map(\.firstWrong), [10, 30])
        XCTAssertEqual(differences.pairs.map(\.secondWrong), [9, 5])
        XCTAssertEqual(differences.counts, [1, 25])
    }

    func testTheFiguresOfSixAndEightSeeds() throws {
        let expected: [(count: Int, second: [Int], mean: Double, deviation: Double, t: Double, p: Double)] = [
            (6, ReferenceCounts.b, 2.408333333333333, 0.7239175827859597, 8.148977090044005, 0.000452013408616156),
            (6, ReferenceCounts.c, -0.021666666666666, 0.10666145820617165, -0.4975769003430844, 0.6398891292971594),
            (8, ReferenceCounts.b, 2.51875, 0.6795888988414772, 10.482956435279048, 1.5663927214614393e-05),
            (8, ReferenceCounts.c, -0.01625, 0.10528023827589207, -0.4365675983433704, 0.6755739837374929),
        ]
        for (count, second, mean, deviation, t, p) in expected {
            let sample = try pairs(ReferenceCounts.a, second, count: count).sample
            XCTAssertEqual(try XCTUnwrap(sample.mean), mean, accuracy: 1e-12)
            XCTAssertEqual(try XCTUnwrap(sample.deviation), deviation, accuracy: 1e-12)
            XCTAssertEqual(try XCTUnwrap(sample.t), t, accuracy: 1e-11)
            // The p-value's relative error follows that of the reference's t, which comes from percentages.
            XCTAssertEqual(try XCTUnwrap(sample.tTestP), p, accuracy: 1e-12)
        }
        let smallest = try XCTUnwrap(pairs(ReferenceCounts.a, ReferenceCounts.b).sample.tTestP)
        XCTAssertEqual(smallest, 1.5663927214614393e-05, accuracy: 1e-12 * 1.5663927214614393e-05)
    }

    func testTheIntervalsOfSixAndEightSeeds() throws {
        let expected: [(count: Int, second: [Int], level: Double, lower: Double, upper: Double)] = [
            (6, ReferenceCounts.b, 0.95, 1.6486284216103955, 3.168038245056271),
            (6, ReferenceCounts.c, 0.95, -0.13360100231149843, 0.09026766897816663),
            (8, ReferenceCounts.b, 0.95, 1.9505994624612275, 3.086900537538772),
            (8, ReferenceCounts.c, 0.95, -0.10426648183280632, 0.07176648183280745),
            (6, ReferenceCounts.b, 0.9, 1.8128097342173088, 3.0038569324493576),
            (6, ReferenceCounts.c, 0.9, -0.10941065436406587, 0.066077321030734),
            (8, ReferenceCounts.b, 0.9, 2.063537780905871, 2.9739622190941284),
            (8, ReferenceCounts.c, 0.9, -0.08677035572391857, 0.05427035572391968),
        ]
        for (count, second, level, lower, upper) in expected {
            let interval = try XCTUnwrap(pairs(ReferenceCounts.a, second, count: count).sample.interval(level: level))
            XCTAssertEqual(interval.lowerBound, lower, accuracy: 1e-12)
            XCTAssertEqual(interval.upperBound, upper, accuracy: 1e-12)
        }
    }

    /// `ttost_paired` of statsmodels.
    func testEquivalenceWithinAMargin() throws {
        let expected: [(count: Int, second: [Int], margin: Double, p: Double)] = [
            (6, ReferenceCounts.b, 0.5, 0.9993370521961361), (6, ReferenceCounts.c, 0.5, 5.438410933365684e-05),
            (8, ReferenceCounts.b, 0.5, 0.9999667180718633), (8, ReferenceCounts.c, 0.5, 1.8583252950893082e-06),
            (6, ReferenceCounts.b, 3, 0.05083987297314691), (8, ReferenceCounts.b, 3, 0.04262400199887872),
            (6, ReferenceCounts.c, 0.1, 0.0659694463052126), (8, ReferenceCounts.c, 0.1, 0.02959896103747173),
        ]
        for (count, second, margin, p) in expected {
            let sample = try pairs(ReferenceCounts.a, second, count: count).sample
            XCTAssertEqual(try XCTUnwrap(sample.equivalenceP(margin: margin)), p, accuracy: 1e-12)
        }
    }

    func testEffectSizes() throws {
        let expected: [(count: Int, second: [Int], size: Double)] = [
            (6, ReferenceCounts.b, 3.3268059660396503), (6, ReferenceCounts.c, -0.20313491893937213),
            (8, ReferenceCounts.b, 3.706284791134486), (8, ReferenceCounts.c, -0.1543499546174611),
        ]
        for (count, second, size) in expected {
            let sample = try pairs(ReferenceCounts.a, second, count: count).sample
            XCTAssertEqual(try XCTUnwrap(sample.effectSize), size, accuracy: 1e-12)
        }
    }

    /// For n = 3, Γ(1)/(1·Γ(1/2)) = 1/√π.
    func testHedgesCorrection() throws {
        XCTAssertNil(hedgesCorrection(count: 2))
        XCTAssertEqual(try XCTUnwrap(hedgesCorrection(count: 3)), 1 / Double.pi.squareRoot(), accuracy: 1e-14)
        XCTAssertEqual(try XCTUnwrap(hedgesCorrection(count: 6)), 0.8407486824596897, accuracy: 1e-12)
        XCTAssertEqual(try XCTUnwrap(hedgesCorrection(count: 8)), 0.8882029076727512, accuracy: 1e-12)
    }

    /// The same trials, with the seeds of one setting in reverse: the mean stays, the interval doesn't. From SciPy,
    /// `ttest_rel(a, b[::-1]).confidence_interval(0.95)`.
    func testWhichTrialsArePairedMatters() throws {
        let reversed = try pairs(ReferenceCounts.a, ReferenceCounts.b.reversed()).sample
        let interval = try XCTUnwrap(reversed.interval(level: 0.95))
        XCTAssertEqual(try XCTUnwrap(reversed.mean), 2.51875, accuracy: 1e-12)
        XCTAssertEqual(interval.lowerBound, 1.907736311127722, accuracy: 1e-12)
        XCTAssertEqual(interval.upperBound, 3.129763688872278, accuracy: 1e-12)
    }

    func testWithoutPairsThereIsNothing() throws {
        let sample = try PairedDifferences(first: trials([5]), second: []).sample
        XCTAssertNil(sample.mean)
        XCTAssertNil(sample.deviation)
        XCTAssertNil(sample.t)
        XCTAssertNil(sample.tTestP)
        XCTAssertNil(sample.interval(level: 0.95))
        XCTAssertNil(sample.equivalenceP(margin: 1))
        XCTAssertNil(sample.effectSize)
    }

    func testASinglePairHasAMeanAndNothingElse() throws {
        let sample = try pairs([300], [100]).sample
        XCTAssertEqual(sample.mean, 2)
        XCTAssertNil(sample.deviation)
        XCTAssertNil(sample.tTestP)
        XCTAssertNil(sample.interval(level: 0.95))
        XCTAssertNil(sample.equivalenceP(margin: 5))
    }

    /// Differences of 100 and 300 images: mean 2 points, deviation √2, t = 2, and the quantile is 12.7062.
    func testTwoPairsHaveAWideInterval() throws {
        let sample = try pairs([300, 500], [200, 200]).sample
        XCTAssertEqual(try XCTUnwrap(sample.deviation), 2.0.squareRoot(), accuracy: 1e-15)
        XCTAssertEqual(try XCTUnwrap(sample.t), 2, accuracy: 1e-15)
        XCTAssertEqual(try XCTUnwrap(sample.interval(level: 0.95)).upperBound, 2 + 12.706204736174694, accuracy: 1e-11)
    }

    func testEqualDifferencesHaveNoT() throws {
        let none = try pairs([70, 80, 90], [70, 80, 90]).sample
        XCTAssertEqual(none.deviation, 0)
        XCTAssertNil(none.t)
        XCTAssertEqual(none.tTestP, 1)
        XCTAssertEqual(none.interval(level: 0.95), 0...0)
        XCTAssertEqual(none.equivalenceP(margin: 0.1), 0)
        XCTAssertNil(none.effectSize)

        // 0.7 can't be written in binary: sums of it would have a deviation.
        let some = try pairs([170, 180, 190], [100, 110, 120]).sample
        XCTAssertEqual(some.deviation, 0)
        XCTAssertNil(some.t)
        XCTAssertEqual(some.tTestP, 0)
        XCTAssertEqual(some.interval(level: 0.95), 0.7...0.7)
        XCTAssertEqual(some.equivalenceP(margin: 1), 0)
        XCTAssertEqual(some.equivalenceP(margin: 0.7), 1)
        XCTAssertEqual(some.equivalenceP(margin: 0.5), 1)
    }

    /// Counts near 2⁴⁰ that differ by 1, 2 and 3: in `Double` their squares would all be the same.
    func testHugeCountsStayExact() throws {
        let most = SeedErrors.mostImages
        let huge = CountSample([most - 1, most - 2, most - 3], testImages: most)
        XCTAssertEqual(try XCTUnwrap(huge.deviation), 100 / Double(most), accuracy: 1e-25)
    }

    func testCountsThatCanNotBeAreRefused() throws {
        XCTAssertThrowsError(try SeedErrors(seed: 4, wrongImages: 11, testImages: 10)) {
            XCTAssertEqual("\($0)", "the trial of seed 4 can't have 11 of 10 test images wrong: run it again")
        }
        XCTAssertThrowsError(try SeedErrors(seed: 4, wrongImages: -1, testImages: 10))
        XCTAssertThrowsError(try SeedErrors(seed: 4, wrongImages: 0, testImages: 0))
        XCTAssertThrowsError(try SeedErrors(seed: 4, wrongImages: 0, testImages: .max))
    }

    func testTrialsThatAreNoPairsAreRefused() throws {
        XCTAssertThrowsError(
            try PairedDifferences(first: trials([1, 2], seeds: [7, 7]), second: trials([1], seeds: [7]))
        ) {
            XCTAssertEqual("\($0)", "seed 7 appears twice in one setting: give it once")
        }
        XCTAssertThrowsError(
            try PairedDifferences(first: trials([1], of: 100), second: trials([1], of: 200))
        ) {
            XCTAssertEqual(
                "\($0)",
                "trials of seed 1 were tested on 100 and 200 images: only trials with the same test images can be held "
                    + "against each other")
        }
    }
}
