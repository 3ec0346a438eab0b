import Hummingbird

@testable import ApiShim

/// The routes that a router has. It does not tell them, so they are read out of its tree; if the tree ever looks different,
/// none is found and the test that asks for them fails.
enum RouterWalk {
    static func routes(of router: Router<ShimContext>) -> Set<String> {
        guard let trie = child("trie", of: router), let root = child("root", of: trie) else { return [] }
        return Set(routes(below: root, path: ""))
    }

    private static func routes(below node: Any, path: String) -> [String] {
        let own = methods(of: node).map { "\($0) \(path.isEmpty ? "/" : path)" }
        guard let children = child("children", of: node) else { return own }
        return own
            + Mirror(reflecting: children).children.flatMap { inner in
                routes(below: inner.value, path: "\(path)/\(child("key", of: inner.value).map { "\($0)" } ?? "?")")
            }
    }

    private static func methods(of node: Any) -> [String] {
        guard let value = child("value", of: node), let endpoint = unwrapped(value),
            let methods = child("methods", of: endpoint)
        else { return [] }
        return Mirror(reflecting: methods).children.compactMap { pair in
            Mirror(reflecting: pair.value).children.first.map { "\($0.value)" }
        }.filter { $0 != "HEAD" }
    }

    private static func unwrapped(_ value: Any) -> Any? {
        let mirror = Mirror(reflecting: value)
        return mirror.displayStyle == .optional ? mirror.children.first?.value : value
    }

    private static func child(_ name: String, of value: Any) -> Any? {
        Mirror(reflecting: value).children.first { $0.label == name }?.value
    }
}
