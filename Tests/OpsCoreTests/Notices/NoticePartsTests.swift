import Foundation
import TestSupport
import Testing

@testable import OpsCore

@Suite struct NoticePartsTests {
    @Test(arguments: [
        ("https://hc.example/abc", "https://hc.example/abc/fail"),
        ("https://hc.example/abc/", "https://hc.example/abc/fail"),
        ("https://hc.example/ping?token=a/b", "https://hc.example/ping/fail?token=a/b"),
        ("https://hc.example", "https://hc.example/fail"),
    ])
    func theSignalStandsBetweenPathAndQuery(_ url: String, _ expected: String) {
        let heartbeat = HeartbeatURL(url: Secret(url))
        #expect(heartbeat.url(for: .failure).exposed == expected)
        #expect(heartbeat.url(for: .success).exposed == url)
        #expect(heartbeat.url(for: .start).exposed == expected.replacing("/fail", with: "/start"))
    }

    @Test func failuresAreCountedForEachDatabaseUntilASuccess() async throws {
        try await TestFolder.with { folder in
            let (a, b) = (
                NoticeMemory(directory: folder, database: "a"), NoticeMemory(directory: folder, database: "b")
            )
            #expect(a.failures == 0)
            a.noteFailure()
            a.noteFailure()
            b.noteFailure()
            #expect((a.failures, b.failures) == (2, 1))
            a.noteSuccess()
            #expect((a.failures, b.failures) == (0, 1))
            let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(names == [".notices.json"])
        }
    }

    @Test func aFolderThatCannotBeWrittenIsNoTrouble() {
        let memory = NoticeMemory(directory: "/proc/nowhere", database: "a")
        memory.noteFailure()
        #expect(memory.failures == 0)
    }
}
