import Foundation
import Testing

@testable import OpsCore

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// How a report is shown.
@Suite struct CheckReportTests {
    private static func result(_ id: String, _ status: CheckStatus, _ observed: String = "seen") -> CheckResult {
        CheckResult(
            Check(id, "title <\(id)>") { _ in .pass("", expected: "") },
            CheckVerdict(status, observed, expected: "wanted", remedy: "SET GLOBAL a = 'b';\nthen \"this\""), ms: 1500)
    }

    private static let report = CheckReport([
        result("A-1", .pass), result("A-2", .fail, "bad & \u{1} ugly\nsecond line"), result("B-1", .warn),
        result("B-2", .error), result("B-3", .skip, "not here # really"),
    ])

    @Test func jsonHasTheFieldsOfTheContract() throws {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        let value = try JSONSerialization.jsonObject(with: encoder.encode(Self.report)) as? [String: Any]
        let object = try #require(value)
        #expect(Set(object.keys) == ["status", "checks"])
        #expect(object["status"] as? String == "fail")
        let checks = try #require(object["checks"] as? [[String: Any]])
        let keys: Set = ["id", "title", "status", "observed", "expected", "remedy", "ms"]
        #expect(checks.allSatisfy { Set($0.keys) == keys })
        #expect(checks[0]["remedy"] is NSNull)
        #expect(checks[1]["ms"] as? Int == 1500)
    }

    @Test func textShowsTheWorstFirstAndRemediesOnLinesOfTheirOwn() {
        let lines = Self.report.text().split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let ids = lines.compactMap { $0.prefixMatch(of: #/[A-Z]+ +([AB]-\d) {2}/#).map { String($0.1) } }
        #expect(ids == ["A-2", "B-2", "B-1", "A-1", "B-3"])
        #expect(lines.contains("      remedy:   SET GLOBAL a = 'b';"))
        #expect(lines.last == "fail: 1 failed, 1 could not be checked, 1 to be looked at, 1 passed, 1 skipped")
        #expect(!Self.report.text().contains("\u{1B}"))
        #expect(Self.report.text(colours: true).contains("\u{1B}[31;1mFAIL "))
    }

    @Test func junitIsXMLThatAnyParserReads() throws {
        final class Reader: NSObject, XMLParserDelegate {
            var elements: [String: Int] = [:]
            var counts: [String: String] = [:]
            func parser(
                _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
                attributes: [String: String]
            ) {
                elements[name, default: 0] += 1
                if name == "testsuites" { counts = attributes }
            }
        }
        let reader = Reader()
        let parser = XMLParser(data: Data(Self.report.junit.utf8))
        parser.delegate = reader
        #expect(parser.parse(), "\(String(describing: parser.parserError))")
        #expect(reader.elements["testsuite"] == 2)
        #expect(reader.elements["testcase"] == 5)
        #expect(reader.elements["failure"] == 1)
        #expect(reader.elements["error"] == 1)
        #expect(reader.elements["skipped"] == 1)
        #expect(reader.counts["tests"] == "5")
        #expect(reader.counts["failures"] == "1")
    }

    @Test func tapCountsAndMarksWhatIsNotOK() {
        let lines = Self.report.tap.split(separator: "\n").map(String.init)
        #expect(lines.first == "TAP version 13")
        #expect(lines[1] == "1..5")
        #expect(lines.filter { $0.hasPrefix("not ok ") }.count == 2)
        #expect(lines.filter { $0.hasPrefix("ok ") }.count == 3)
        #expect(lines.contains("ok 5 - B-3 title <B-3> # SKIP not here \\# really"))
        #expect(lines.contains("  remedy: \"SET GLOBAL a = 'b';\\nthen \\\"this\\\"\""))
    }
}
