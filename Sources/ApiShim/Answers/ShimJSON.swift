import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// The one way in which the shim writes JSON: snake_case names, slashes as they are.
enum ShimJSON {
    static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        return try encoder.encode(value)
    }

    /// An answer that nobody may keep.
    static func response(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        response(encoded: ByteBuffer(bytes: try encode(value)), status: status)
    }

    /// The same for JSON that is there already.
    static func response(encoded bytes: ByteBuffer, status: HTTPResponse.Status = .ok) -> Response {
        Response(status: status, headers: headers, body: .init(byteBuffer: bytes))
    }

    /// Made once, as most answers are JSON.
    private static let headers = SecurityHeaders.with([
        .contentType: "application/json; charset=utf-8", .cacheControl: "no-store",
    ])
}
