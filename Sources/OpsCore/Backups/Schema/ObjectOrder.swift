/// The order in which objects that use each other can be made.
enum ObjectOrder {
    /// An object and the names that its statement has in it.
    struct Node<Value> {
        let name: [UInt8]
        let value: Value
        /// Must be there first, as far as they are among the objects.
        var needs: Set<[UInt8]>
        /// Functions; what their bodies name should be there first.
        var mayNeed: Set<[UInt8]>
    }

    /// The values, each after those that it needs; where that leaves a choice, in the given order.
    ///
    /// - Parameter words: what is named in the body of each function. It may be too much, and so go round in a circle; then
    ///   the sure needs alone decide.
    static func sorted<Value>(_ nodes: [Node<Value>], through words: [[UInt8]: Set<[UInt8]>]) -> [Value] {
        let names = Set(nodes.map(\.name))
        var waiting = nodes.map { node in
            var node = node
            node.mayNeed = reached(from: node.mayNeed, through: words).intersection(names).subtracting([node.name])
            node.needs = node.needs.intersection(names).subtracting([node.name])
            return node
        }
        var made: Set<[UInt8]> = []
        var order: [Value] = []
        while !waiting.isEmpty {
            let next =
                waiting.firstIndex { $0.needs.isSubset(of: made) && $0.mayNeed.isSubset(of: made) }
                ?? waiting.firstIndex { $0.needs.isSubset(of: made) } ?? 0
            let node = waiting.remove(at: next)
            made.insert(node.name)
            order.append(node.value)
        }
        return order
    }

    /// All words of the functions, and of the functions that those call.
    private static func reached(from functions: Set<[UInt8]>, through words: [[UInt8]: Set<[UInt8]>]) -> Set<[UInt8]> {
        var found: Set<[UInt8]> = []
        var open = functions
        while let function = open.popFirst() {
            let new = (words[function] ?? []).subtracting(found)
            found.formUnion(new)
            open.formUnion(new.filter { words[$0] != nil })
        }
        return found
    }
}
