import Foundation

/// As much of JSON Schema 2020-12 as the document uses; an unknown word is an error, so that none is passed over.
struct JSONSchema {
    private static let known: Set<String> = [
        "type", "properties", "required", "additionalProperties", "items", "enum", "const", "format", "description",
        "$ref", "minItems", "maxItems", "minimum", "maximum", "default",
    ]

    let components: [String: Any]

    /// Where `value` is not what `schema` says; empty when it is.
    func problems(_ value: Any, _ schema: [String: Any], at place: String = "$") -> [String] {
        if let unknown = schema.keys.first(where: { !Self.known.contains($0) }) {
            return ["\(place): unknown \(unknown)"]
        }
        if let name = (schema["$ref"] as? String)?.split(separator: "/").last {
            guard let target = components[String(name)] as? [String: Any] else {
                return ["\(place): no schema \(name)"]
            }
            return problems(value, target, at: place)
        }
        let types = (schema["type"] as? [String]) ?? (schema["type"] as? String).map { [$0] }
        if let types, !types.contains(where: { Self.is(value, $0) }) { return ["\(place): \(value) is no \(types)"] }
        if let allowed = schema["enum"] as? [String], let text = value as? String, !allowed.contains(text) {
            return ["\(place): \(text) is none of \(allowed)"]
        }
        if let object = value as? [String: Any] { return problems(in: object, schema, place) }
        guard let list = value as? [Any] else { return [] }
        if let least = schema["minItems"] as? Int, list.count < least { return ["\(place): fewer than \(least)"] }
        guard let items = schema["items"] as? [String: Any] else { return [] }
        return list.enumerated().flatMap { problems($1, items, at: "\(place)[\($0)]") }
    }

    private func problems(in object: [String: Any], _ schema: [String: Any], _ place: String) -> [String] {
        let properties = schema["properties"] as? [String: Any] ?? [:]
        let missing = (schema["required"] as? [String] ?? []).filter { object[$0] == nil }.map { "\(place): no \($0)" }
        let isClosed = schema["additionalProperties"] as? Bool == false
        return missing
            + object.flatMap { key, value -> [String] in
                guard let inner = properties[key] as? [String: Any] else {
                    return isClosed ? ["\(place): \(key) is not documented"] : []
                }
                return problems(value, inner, at: "\(place).\(key)")
            }
    }

    private static func `is`(_ value: Any, _ type: String) -> Bool {
        switch type {
        case "null": value is NSNull
        case "string": value is String
        case "object": value is [String: Any]
        case "array": value is [Any]
        case "boolean": (value as? NSNumber).map { isBoolean($0) } ?? false
        case "integer":
            (value as? NSNumber).map { !isBoolean($0) && $0.doubleValue.rounded() == $0.doubleValue } ?? false
        case "number": (value as? NSNumber).map { !isBoolean($0) } ?? false
        default: false
        }
    }

    /// JSONSerialization gives both as NSNumber.
    private static func isBoolean(_ number: NSNumber) -> Bool { String(cString: number.objCType) == "c" }
}
