import NIOCore
import Synchronization

/// An answer that is asked for again and again: it is encoded only when it has become another.
final class KeptJSON<Value: Encodable & Equatable & Sendable>: Sendable {
    private let kept = Mutex<(value: Value, bytes: ByteBuffer)?>(nil)

    func bytes(of value: Value) throws -> ByteBuffer {
        if let kept = kept.withLock({ $0 }), kept.value == value { return kept.bytes }
        let bytes = ByteBuffer(bytes: try ShimJSON.encode(value))
        kept.withLock { $0 = (value, bytes) }
        return bytes
    }
}
