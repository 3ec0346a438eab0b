import ApiShim
import Foundation
import Logging
import Synchronization
import Testing

@Suite struct LineLogHandlerTests {
    private func lines(_ format: LogFormat, _ body: (inout Logger) -> Void) -> [String] {
        let written = Mutex<[String]>([])
        var logger = Logger(label: "test") { label in
            LineLogHandler(label: label, format: format) { line in written.withLock { $0.append(line) } }
        }
        body(&logger)
        return written.withLock { $0 }
    }

    @Test func aTextLineCannotBeForgedWithALineBreak() {
        let written = lines(.text) { $0.info("first\nsecond", metadata: ["path": "/a\r\nforged"]) }
        #expect(written.count == 1)
        #expect(written[0].filter(\.isNewline) == "\n")
        #expect(written[0].contains("INFO first second path=/a  forged"))
    }

    @Test func aJSONLineIsOneObjectWithTheRequestsId() throws {
        let written = lines(.json) { logger in
            logger[metadataKey: "hb.request.id"] = "the server's own"
            logger[metadataKey: "request_id"] = "42"
            logger.warning("a \"quoted\" text", metadata: ["status": "503"])
        }
        let object = try #require(
            JSONSerialization.jsonObject(with: Data(written[0].utf8)) as? [String: String])
        #expect(object["time"]?.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
        #expect(object["message"] == "a \"quoted\" text")
        #expect(object["level"] == "warning")
        #expect(object["request_id"] == "42")
        #expect(object["hb.request.id"] == nil)
        #expect(object["status"] == "503")
        #expect(written[0].filter(\.isNewline) == "\n")
    }

    @Test func messagesBelowTheLevelAreLeftOut() {
        #expect(lines(.text) { $0.debug("hidden") }.isEmpty)
    }
}
