import HTTPTypes
import Hummingbird
import NIOCore

/// `/api/openapi.json`: what this API offers, as a document of OpenAPI 3.1.
struct OpenAPIController: Sendable {
    /// The document itself.
    static let document = ByteBuffer(bytes: PackageResources.openapi_json)

    func addRoutes(to routes: ShimRoutes) {
        routes.anyone.get("/api/openapi.json") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "application/json; charset=utf-8", .cacheControl: "no-cache"],
                body: .init(byteBuffer: Self.document))
        }
    }
}
