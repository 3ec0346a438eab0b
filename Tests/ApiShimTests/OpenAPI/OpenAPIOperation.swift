import Foundation
import HTTPTypes
import OpsCore
import Testing

@testable import ApiShim

/// One operation of the document, with what it refers to.
struct OpenAPIOperation: @unchecked Sendable {
    /// The headers that the document tells of wherever they are answered.
    private static let told = [
        "location", "retry-after", "etag", "content-range", "accept-ranges", "content-disposition", "www-authenticate",
    ]

    let method: HTTPRequest.Method
    let path: String
    let content: [String: Any]
    private let components: [String: Any]

    var name: String { "\(method) \(path)" }
    var role: Role? { (content["x-role"] as? String).flatMap { Role(rawValue: $0) } }

    static var document: [String: Any] {
        get throws {
            let value = try JSONSerialization.jsonObject(with: Data(PackageResources.openapi_json))
            return try #require(value as? [String: Any])
        }
    }

    /// All of the document, in an order of their own.
    static var all: [OpenAPIOperation] {
        get throws {
            let document = try document
            let components = try #require(document["components"] as? [String: Any])
            let paths = try #require(document["paths"] as? [String: [String: [String: Any]]])
            return paths.flatMap { path, methods in
                methods.compactMap { name, content in
                    HTTPRequest.Method(rawValue: name.uppercased()).map {
                        OpenAPIOperation(method: $0, path: path, content: content, components: components)
                    }
                }
            }.sorted { $0.name < $1.name }
        }
    }

    /// The path with something in the place of each parameter.
    func filled(_ file: String) -> String {
        path.replacing("{file}", with: file).replacing("{id}", with: "6f9619ff-8b86-d011-b42d-00c04fc964ff")
    }

    /// What is answered is documented: its status, its headers, its type, and each field of it.
    func check(_ answer: Answer, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let comment = Comment("\(name) answered \(answer.status): \(answer.text.prefix(300))")
        let responses = content["responses"] as? [String: Any] ?? [:]
        let response = try #require(resolved(responses["\(answer.status)"]), comment, sourceLocation: sourceLocation)
        let headers = response["headers"] as? [String: Any] ?? [:]
        for (header, value) in headers where resolved(value)?["required"] as? Bool != false {
            #expect(answer.headers[header.lowercased()] != nil, "\(header): \(comment)", sourceLocation: sourceLocation)
        }
        let undocumented = Self.told.filter { answer.headers[$0] != nil }.filter { header in
            !headers.keys.contains { $0.lowercased() == header }
        }
        #expect(undocumented == [], comment, sourceLocation: sourceLocation)
        guard !answer.text.isEmpty else { return }
        let type = answer.headers["content-type"]?.split(separator: ";").first.map(String.init) ?? ""
        let media = try #require(
            (response["content"] as? [String: Any])?[type] as? [String: Any], comment, sourceLocation: sourceLocation)
        guard type.contains("json") else { return }
        let value = try JSONSerialization.jsonObject(with: Data(answer.text.utf8), options: .fragmentsAllowed)
        let schemas = JSONSchema(components: try #require(components["schemas"] as? [String: Any]))
        let problems = schemas.problems(value, media["schema"] as? [String: Any] ?? [:])
        #expect(problems.isEmpty, comment, sourceLocation: sourceLocation)
    }

    /// A part of the document, or what it refers to.
    private func resolved(_ value: Any?) -> [String: Any]? {
        let object = value as? [String: Any]
        guard let target = (object?["$ref"] as? String)?.split(separator: "/"), target.count == 4 else { return object }
        return (components[String(target[2])] as? [String: Any])?[String(target[3])] as? [String: Any]
    }
}
