import Foundation
import Glibc
import TestSupport
import Testing

@testable import ApiShim

/// A backup folder on a file system of a megabyte in memory.
@Suite(.enabled(if: geteuid() == 0, "needs to mount a small tmpfs, which this account may not"))
struct FullDiskTests {
    @Test func aBackupThatWillNotFitIsNotBegun() async throws {
        try await OperationFixture.with { fixture in
            try #require(
                mount("tmpfs", fixture.folder, "tmpfs", 0, "size=1m") == 0, "\(String(cString: strerror(errno)))")
            defer { umount2(fixture.folder, Int32(MNT_DETACH)) }
            let token = try await fixture.token()
            try await fixture.serving { client in
                let refused = try await client.call(.post, "/api/backup/create", token: token)
                #expect(refused.status == 507)
                #expect(refused.error == "INSUFFICIENT_STORAGE")
                #expect(!refused.text.contains(fixture.folder))
                let history = try await client.call(.get, "/api/jobs/history", token: token)
                #expect(try history.value("meta", "count") as? Int == 0)
            }
        }
    }
}
