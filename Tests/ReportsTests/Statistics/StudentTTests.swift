import XCTest

@testable import Reports

/// Student's t distribution.
final class StudentTTests: XCTestCase {
    /// From mpmath 1.3 with 40 digits: `betainc(nu/2, 0.5, 0, nu/(nu + t²), regularized=True)`.
    func testTwoSidedProbabilitiesAreGoodToTwelveDigits() {
        let expected: [(degrees: Double, t: Double, p: Double)] = [
            (1, 0.001, 0.99936338043983888), (1, 0.5, 0.70483276469913345), (1, 2, 0.29516723530086655),
            (1, 50, 0.012730698201945593), (2, 0.5, 0.66666666666666667), (2, 10, 0.0098524570233256908),
            (2.5, 2, 0.15739149575796599), (3, 50, 1.7617152041271974e-5), (5, 0.001, 0.99924078677219765),
            (5, 2, 0.10193947882985836), (5, 10, 0.00017094757574296359), (7, 2, 0.085619328562976077),
            (7, 50, 3.3512525955500402e-10), (30, 10, 4.5752514082296132e-11), (30, 50, 1.8715417659222713e-30),
            (1000, 0.5, 0.61718508083387481), (1000, 2, 0.04577034649325164), (1000, 20, 4.0622884995247713e-75),
        ]
        for (degrees, t, p) in expected {
            let distribution = StudentT(degreesOfFreedom: degrees)
            XCTAssertEqual(distribution.twoSidedP(t), p, accuracy: 1e-12 * p, "ν = \(degrees), t = \(t)")
            XCTAssertEqual(distribution.twoSidedP(-t), distribution.twoSidedP(t))
        }
    }

    /// With one degree of freedom it is Cauchy's distribution, with two the tail is 1/2 − t/(2√(2 + t²)).
    func testOneAndTwoDegreesHaveClosedForms() {
        for t in [-3, -0.1, 0, 0.7, 1, 4] {
            XCTAssertEqual(StudentT(degreesOfFreedom: 1).upperTail(t), 0.5 - atan(t) / .pi, accuracy: 1e-14)
            XCTAssertEqual(
                StudentT(degreesOfFreedom: 2).upperTail(t), 0.5 - t / (2 * (2 + t * t).squareRoot()), accuracy: 1e-14)
        }
    }

    /// From SciPy 1.17.1, `scipy.stats.t.ppf`.
    func testQuantilesAreGoodToTwelveDigits() {
        let expected: [(degrees: Double, values: [Double])] = [
            (1, [0.32491969623290634, 6.313751514675037, 12.706204736174694, 636.6192487687897]),
            (2, [0.2886751345948128, 2.9199855803537242, 4.302652729749462, 31.599054576445365]),
            (5, [0.2671808657041451, 2.0150483733330233, 2.5705818356363146, 6.868826625881276]),
            (7, [0.2631668613520229, 1.8945786050900062, 2.364624251592784, 5.407882520861828]),
            (9, [0.260955336473911, 1.833112932656237, 2.262157162798205, 4.780912585931217]),
            (100, [0.25402218245822766, 1.6602343260853392, 1.9839715185235518, 3.390491311164263]),
        ]
        for (degrees, values) in expected {
            let distribution = StudentT(degreesOfFreedom: degrees)
            for (probability, value) in zip([0.6, 0.95, 0.975, 0.9995], values) {
                XCTAssertEqual(distribution.quantile(probability), value, accuracy: 1e-12 * value)
                XCTAssertEqual(distribution.quantile(1 - probability), -value, accuracy: 1e-10 * value)
            }
        }
    }

    func testQuantilesUndoProbabilities() {
        for degrees in [1.0, 4, 17] {
            let distribution = StudentT(degreesOfFreedom: degrees)
            for probability in [0.001, 0.3, 0.5, 0.8, 0.999] {
                let value = distribution.quantile(probability)
                XCTAssertEqual(1 - distribution.upperTail(value), probability, accuracy: 1e-14)
            }
        }
    }

    func testTheEndsOfTheDistributionAreItsLimits() {
        let distribution = StudentT(degreesOfFreedom: 5)
        XCTAssertEqual(distribution.twoSidedP(0), 1)
        XCTAssertEqual(distribution.twoSidedP(.infinity), 0)
        XCTAssertEqual(distribution.twoSidedP(1e200), 0)
        XCTAssertTrue(distribution.twoSidedP(.nan).isNaN)
        XCTAssertEqual(distribution.quantile(0.5), 0)
        XCTAssertEqual(distribution.quantile(1), .infinity)
        XCTAssertEqual(distribution.quantile(0), -.infinity)
        XCTAssertEqual(distribution.upperTail(-.infinity), 1)
    }
}
