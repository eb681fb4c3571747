import XCTest

@testable import Reports

/// What a study says of its contrasts.
final class ContrastTests: XCTestCase {
    private func plan(
        _ first: [Int], _ second: [Int], count: Int = 8, claim: Claim.Statement? = nil,
        source: String = "Wu and He 2018",
        names: (String, String) = ("bn", "syncbn")
    ) throws -> PlannedContrast {
        PlannedContrast(
            name: "\(names.0) against \(names.1)", first: names.0, second: names.1,
            differences: try pairs(first, second, count: count), claim: try claim.map { try Claim($0, source: source) })
    }

    private func contrast(
        _ first: [Int], _ second: [Int], count: Int = 8, claim: Claim.Statement? = nil,
        source: String = "Wu and He 2018"
    ) throws -> Contrast {
        try Contrast.family([plan(first, second, count: count, claim: claim, source: source)])[0]
    }

    private let (a, b, c) = (ReferenceCounts.a, ReferenceCounts.b, ReferenceCounts.c)

    func testAFamilyIsAdjustedTogether() throws {
        let family = try Contrast.family([plan(a, b), plan(a, c), plan(c, b)])
        XCTAssertEqual(family.map(\.signFlipP), [2.0 / 256, 190.0 / 256, 2.0 / 256])
        XCTAssertEqual(family.map(\.holmP), [6.0 / 256, 190.0 / 256, 6.0 / 256])
        XCTAssertEqual(family.map(\.stepDownP), [0.0078125, 0.7421875, 0.0078125])
        XCTAssertEqual(family.map(\.contrasts), [3, 3, 3])
        XCTAssertEqual(family.map(\.seedsFirstLower), [0, 5, 0])
        XCTAssertEqual(family.map(\.seedsFirstHigher), [8, 3, 8])
        XCTAssertEqual(family.map(\.outcome), [nil, nil, nil])
        let first = family[0]
        XCTAssertEqual(
            try XCTUnwrap(first.correctedEffectSize), 3.706284791134486 * 0.8882029076727512, accuracy: 1e-12)
        XCTAssertEqual(try XCTUnwrap(first.subsetCoverage), 1 - 12.0 / 256)
        XCTAssertNil(first.equivalenceP)
    }

    func testADirectionIsDecidedByTheAdjustedProbabilityAndTheSign() throws {
        XCTAssertEqual(try contrast(a, b, claim: .firstHigher).outcome, .held)
        XCTAssertEqual(try contrast(a, b, claim: .firstLower).outcome, .contradicted)
        XCTAssertEqual(try contrast(b, a, claim: .firstLower).outcome, .held)
        XCTAssertEqual(try contrast(a, c, claim: .firstLower).outcome, .undecided)
        XCTAssertEqual(try contrast(a, b, count: 6, claim: .firstHigher).outcome, .held)
        XCTAssertEqual(try contrast(a, b, count: 5, claim: .firstHigher).outcome, .undecided)
        XCTAssertEqual(try contrast(a, b, count: 1, claim: .firstHigher).outcome, .undecided)
    }

    /// With 21 seeds max-T isn't gone through, and 2/2²¹ after Holm is small enough.
    func testManySeedsAreAdjustedByHolm() throws {
        let wrong = (0..<21).map { 300 + $0 }
        let plans = try (0..<2).map { _ in
            try plan(wrong, wrong.map { $0 - 200 }, count: 21, claim: .firstHigher)
        }
        let family = Contrast.family(plans)
        XCTAssertNil(family[0].stepDownP)
        XCTAssertEqual(family[0].adjustedP, 4 / Double(1 << 21))
        XCTAssertEqual(family[0].outcome, .held)
        XCTAssertNil(family[0].subsetInterval)
        XCTAssertTrue(family[0].sentence.contains("after Holm over 2 contrasts"), family[0].sentence)
    }

    /// The 95% interval of a−b is 1.95 to 3.09 points, that of a−c −0.10 to 0.07.
    func testEquivalenceIsDecidedWithinTheMargin() throws {
        XCTAssertEqual(try contrast(a, c, claim: .equivalent(margin: 0.5)).outcome, .held)
        XCTAssertEqual(try contrast(a, c, claim: .equivalent(margin: 0.05)).outcome, .undecided)
        XCTAssertEqual(try contrast(a, b, claim: .equivalent(margin: 1.9)).outcome, .contradicted)
        XCTAssertEqual(try contrast(b, a, claim: .equivalent(margin: 1.9)).outcome, .contradicted)
        XCTAssertEqual(try contrast(a, b, claim: .equivalent(margin: 2)).outcome, .undecided)
        XCTAssertEqual(try contrast(a, a, claim: .equivalent(margin: 0.01)).outcome, .held)
        XCTAssertEqual(try contrast(a, c, count: 1, claim: .equivalent(margin: 50)).outcome, .undecided)
    }

    func testEqualBitsAreClaimedOfTheWeightsAndCountAmongNoTests() throws {
        func contrasts(identical: Int) throws -> [Contrast] {
            try Contrast.family([
                PlannedContrast(
                    name: "same", first: "G=1", second: "ln", differences: pairs(a, a), identicalPairs: identical,
                    claim: Claim(.identical, source: "a definition")),
                PlannedContrast(
                    name: "other", first: "bn", second: "syncbn", differences: pairs(a, b),
                    claim: Claim(.firstHigher, source: "")),
            ])
        }
        let all = try contrasts(identical: 8)
        XCTAssertEqual(all.map(\.outcome), [.held, .held])
        XCTAssertEqual(all.map(\.contrasts), [1, 1])
        XCTAssertNil(all[0].signFlipP)
        XCTAssertEqual(all[1].holmP, 2 / 256)
        XCTAssertEqual(
            all[0].sentence,
            "G=1 and ln came to the same weights with 8 of 8 seeds: the claim that they are the same, bit for bit, "
                + "(a definition) held.")
        // Equal counts of wrong images are not enough.
        XCTAssertEqual(try contrasts(identical: 7)[0].outcome, .contradicted)
    }

    func testAMarginIsAboveZero() {
        for margin in [0, -1, .nan, .infinity] {
            XCTAssertThrowsError(try Claim(.equivalent(margin: margin), source: ""))
        }
    }

    func testWithoutPairsThereIsNothingToSay() throws {
        let empty = try PairedDifferences(first: trials([5], seeds: [1]), second: trials([5], seeds: [2]))
        let claim = try Claim(.firstHigher, source: "")
        let family = try Contrast.family([
            PlannedContrast(name: "x", first: "bn", second: "gn", differences: empty, claim: claim), plan(a, b),
        ])
        XCTAssertEqual(
            family[0].sentence, "bn and gn have no finished trials with the same seed: there is nothing to compare.")
        XCTAssertEqual(family[0].outcome, .undecided)
        XCTAssertNil(family[0].signFlipP)
        XCTAssertNil(family[0].holmP)
        XCTAssertNil(family[0].stepDownP)
        XCTAssertEqual(family[1].holmP, 4.0 / 256)
        XCTAssertEqual(Contrast.family([]), [])
    }

    func testADirectionInWords() throws {
        XCTAssertEqual(
            try contrast(a, b, claim: .firstHigher).sentence,
            "bn errs on 2.52 points more than syncbn (95% interval 1.95 to 3.09, 8 of 8 seeds with more, p = 0.0078): the "
                + "claim that bn errs on more (Wu and He 2018) held.")
        XCTAssertEqual(
            try contrast(b, a, claim: .firstHigher, source: "").sentence,
            "bn errs on 2.52 points less than syncbn (95% interval 1.95 to 3.09, 0 of 8 seeds with more, p = 0.0078): the "
                + "claim that bn errs on more did not hold; the measurements say the opposite.")
        XCTAssertEqual(
            try contrast(a, c, claim: .firstLower).sentence,
            "bn errs on 0.02 points less than syncbn (95% interval -0.07 to 0.10, 5 of 8 seeds with less, p = 0.74): the "
                + "claim that bn errs on less (Wu and He 2018) is undecided after 8 seeds.")
        XCTAssertEqual(
            try Contrast.family([plan(a, b), plan(a, c)])[0].sentence,
            "bn errs on 2.52 points more than syncbn (95% interval 1.95 to 3.09, 8 of 8 seeds with more, p = 0.0078 after "
                + "max-T over 2 contrasts): no claim was named.")
    }

    func testTooFewSeedsInWords() throws {
        XCTAssertEqual(
            try contrast(a, b, count: 5, claim: .firstHigher).sentence,
            "bn errs on 2.67 points more than syncbn (95% interval 2.20 to 3.14, 5 of 5 seeds with more, p = 0.062): the "
                + "claim that bn errs on more (Wu and He 2018) is undecided: 5 seeds can't go below p = 0.062, and 6 seeds "
                + "are the fewest that go below 0.05.")
        XCTAssertEqual(
            try contrast(a, b, count: 1).sentence,
            "bn errs on 2.95 points more than syncbn (1 seed): one seed is a direction, not a result.")
        XCTAssertEqual(
            try contrast(a, c, count: 1, claim: .equivalent(margin: 1)).sentence,
            "bn errs on 0.04 points less than syncbn (1 seed): the claim that they differ by less than 1 point (Wu and He "
                + "2018) is undecided: one seed has no deviation, and 2 seeds are the fewest that have one.")
    }

    func testAnEquivalenceInWords() throws {
        XCTAssertEqual(
            try contrast(a, c, claim: .equivalent(margin: 0.5)).sentence,
            "bn errs on 0.02 points less than syncbn (95% interval -0.07 to 0.10, 5 of 8 seeds with less, p = 1.9e-06 for "
                + "equivalence): the claim that they differ by less than 0.5 points (Wu and He 2018) held.")
        XCTAssertEqual(
            try contrast(a, a, claim: .equivalent(margin: 0.5)).sentence,
            "bn errs on as many test images as syncbn (the same difference with every seed, 8 seeds): the claim that they "
                + "differ by less than 0.5 points (Wu and He 2018) held.")
    }

    func testNoSentenceCallsAnythingSignificant() throws {
        for count in 1...8 {
            for claim: Claim.Statement? in [nil, .firstLower, .firstHigher, .equivalent(margin: 1)] {
                let sentence = try contrast(a, b, count: count, claim: claim).sentence
                XCTAssertFalse(sentence.lowercased().contains("significan"), sentence)
            }
        }
    }

    func testJSONKeepsEveryFigure() throws {
        let family = try Contrast.family([
            plan(a, b, claim: .firstHigher), plan(a, c, claim: .equivalent(margin: 0.5)), plan(a, a),
            plan(a, b, count: 1),
        ])
        let text = try JSON.text(family)
        XCTAssertEqual(try JSON.value([Contrast].self, of: Array(text.utf8)), family)
    }
}
