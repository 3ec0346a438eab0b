import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// The one way in which a handler reads a JSON body.
enum JSONBody {
    /// No request of the shim needs more.
    static let maximumBytes = 64 * 1024

    /// - Throws: `HTTPError`: 415 when it is not said to be JSON, 413 when it is longer than 64 KiB, 400 when it is not
    ///   what `type` wants.
    static func decode<Value: Decodable>(_ type: Value.Type, from request: Request) async throws -> Value {
        try decode(type, try await read(request))
    }

    /// The same for routes whose body may be left out: nil then, also where a client has named the type of nothing.
    static func decodeIfPresent<Value: Decodable>(_ type: Value.Type, from request: Request) async throws -> Value? {
        guard request.headers[.contentType] != nil else { return nil }
        let bytes = try await read(request)
        return bytes.readableBytes == 0 ? nil : try decode(type, bytes)
    }

    private static func decode<Value: Decodable>(_ type: Value.Type, _ bytes: ByteBuffer) throws -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(bytes.readableBytesView))
        } catch {
            throw HTTPError(.badRequest, message: "the body is not the JSON that is expected here")
        }
    }

    private static func read(_ request: Request) async throws -> ByteBuffer {
        guard isJSON(request.headers[.contentType]) else {
            throw HTTPError(.unsupportedMediaType, message: "the body must be application/json")
        }
        let tooLong = HTTPError(.contentTooLarge, message: "the body is longer than \(maximumBytes) bytes")
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > maximumBytes { throw tooLong }
        do {
            return try await request.body.collect(upTo: maximumBytes)
        } catch is NIOTooManyBytesError {
            throw tooLong
        }
    }

    private static func isJSON(_ type: String?) -> Bool {
        let plain = type?.split(separator: ";").first?.trimmingCharacters(in: .whitespaces).lowercased()
        return plain == "application/json"
    }
}
