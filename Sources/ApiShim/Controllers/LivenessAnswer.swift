import Foundation
import NIOCore
import OpsCore
import Synchronization

/// The body of the liveness probe. Its time is in whole seconds, so it is made once a second, however many ask.
final class LivenessAnswer: Sendable {
    private struct Body: Encodable {
        var status = "healthy"
        var timestamp: String
        var version = ToolVersion.current
    }

    private let kept = Mutex<(second: Int, bytes: ByteBuffer)?>(nil)

    func bytes(at date: Date = .now) throws -> ByteBuffer {
        let second = Int(date.timeIntervalSince1970.rounded(.down))
        return try kept.withLock { kept in
            if let kept, kept.second == second { return kept.bytes }
            let bytes = ByteBuffer(bytes: try ShimJSON.encode(Body(timestamp: date.formatted(.iso8601))))
            kept = (second, bytes)
            return bytes
        }
    }
}
