// SPDX-License-Identifier: Apache-2.0

import Deadlines
import SeededRandom
import Testing

@Suite struct DeadlineHeapTests {
    @Test func valuesArePoppedInTheOrderOfTheirDeadlinesOnceTheyAreReached() {
        var heap = DeadlineHeap<Int, String>()
        for (value, time) in [("c", 30), ("a", 10), ("b", 20), ("a2", 10)] { heap.insert(value, at: time) }
        #expect(heap.earliest == 10)
        #expect(heap.pop(at: 9) == nil)
        #expect(heap.popAll(at: 20) == ["a", "a2", "b"])
        #expect(heap.count == 1 && heap.earliest == 30)
    }

    @Test func aRemovedValueIsNeitherPoppedNorTheEarliest() {
        var heap = DeadlineHeap<Int, String>()
        let first = heap.insert("first", at: 1)
        heap.insert("second", at: 2)
        #expect(heap.remove(first) == "first")
        #expect(heap.remove(first) == nil)
        #expect(heap.earliest == 2)
        #expect(heap.popAll(at: 5) == ["second"])
        #expect(heap.earliest == nil)
    }

    @Test func removingAllValuesReturnsThem() {
        var heap = DeadlineHeap<Int, String>()
        heap.insert("b", at: 2)
        heap.insert("a", at: 1)
        #expect(heap.removeAll().sorted() == ["a", "b"])
        #expect(heap.count == 0 && heap.earliest == nil)
        #expect(heap.insert("c", at: 1) == 3)
    }

    @Test func randomStepsAgreeWithASortedArray() {
        var random = SplitMix64(seed: 11)
        var heap = DeadlineHeap<Int, UInt64>()
        var model: [(time: Int, id: UInt64)] = []
        for now in 0..<20_000 {
            switch Int.random(in: 0..<8, using: &random) {
            case 0..<5:
                let time = now + Int.random(in: 0..<5000, using: &random)
                let id = heap.insert(heap.lastID + 1, at: time)
                model.append((time, id))
            case 5..<7:
                guard let place = model.indices.randomElement(using: &random) else { continue }
                #expect(heap.remove(model[place].id) == model[place].id)
                model.remove(at: place)
            default:
                let due = model.filter { $0.time <= now }.sorted { ($0.time, $0.id) < ($1.time, $1.id) }
                model.removeAll { $0.time <= now }
                #expect(heap.popAll(at: now) == due.map(\.id))
            }
            #expect(heap.count == model.count)
            #expect(heap.earliest == model.map(\.time).min())
        }
    }
}
