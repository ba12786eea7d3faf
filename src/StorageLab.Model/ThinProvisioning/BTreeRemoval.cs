namespace StorageLab.Model.ThinProvisioning;

/// <summary>
/// Removal from a <see cref="BTree"/>: on the way down children are merged or evened out, so that a node but the root never gets too empty.
/// </summary>
/// <remarks>Source: drivers/md/persistent-data/dm-btree-remove.c, whose steps and thresholds are followed one by one.</remarks>
internal static class BTreeRemoval
{
    /// <summary>Removes a key that is there.</summary>
    /// <returns>The root of the changed tree.</returns>
    /// <exception cref="InvalidOperationException">The key is missing.</exception>
    public static int Remove(BTree tree, int root, uint key)
    {
        BTreeNode leaf = Descend(tree, root, key, out int index, out int newRoot);
        if (index < 0 || leaf.Keys[index] != key)
            throw new InvalidOperationException($"key {key} is not in the tree");
        tree.DropValue(leaf, index);
        leaf.DeleteAt(index);
        return newRoot;
    }

    /// <summary>Removes the first key in <c>[begin, end)</c> if the descent for <paramref name="begin"/> ends beside it.</summary>
    /// <param name="begin">On success the key after the one removed.</param>
    /// <param name="value">The value removed, which the tree's owner has not been told of.</param>
    /// <remarks>Source: remove_one, which dm_thin_remove_range calls until it fails; also then the path has been evened out.</remarks>
    public static bool TryRemoveNearest(BTree tree, ref int root, ref uint begin, uint end, out ulong value)
    {
        BTreeNode leaf = Descend(tree, root, begin, out int index, out root);
        index = Math.Max(index, 0);
        value = 0;
        if (index >= leaf.EntryCount || leaf.Keys[index] < begin || leaf.Keys[index] >= end)
            return false;
        value = leaf.Values[index];
        begin = checked(leaf.Keys[index] + 1);
        leaf.DeleteAt(index);
        return true;
    }

    // remove_raw and remove_nearest.
    private static BTreeNode Descend(BTree tree, int root, uint key, out int index, out int newRoot)
    {
        BTreeNode node = tree.Shadow(root);
        newRoot = node.Address;
        while (!node.IsLeaf)
        {
            EvenOutChildren(tree, node, key);
            if (node.IsLeaf)
                break;
            index = Math.Max(node.LowerBound(key), 0);
            node = tree.ShadowChild(node, index);
        }

        index = node.LowerBound(key);
        return node;
    }

    // rebalance_children.
    private static void EvenOutChildren(BTree tree, BTreeNode node, uint key)
    {
        if (node.EntryCount == 1)
        {
            // The only child takes its parent's place. (The kernel copies it without shadowing it first, which
            // would miss references when a snapshot shares the child.)
            BTreeNode child = tree.ShadowChild(node, 0);
            node.CopyFrom(child);
            tree.Blocks.Decrement(child.Address);
            return;
        }

        int index = Math.Max(node.LowerBound(key), 0);
        if (index == 0)
            EvenOutTwo(tree, node, 0);
        else if (index == node.EntryCount - 1)
            EvenOutTwo(tree, node, index - 1);
        else
            EvenOutThree(tree, node, index - 1);
    }

    private static int MergeThreshold(BTreeNode node) => node.MaxEntries / 3;

    private static void EvenOutTwo(BTree tree, BTreeNode parent, int leftIndex)
    {
        BTreeNode left = tree.ShadowChild(parent, leftIndex);
        BTreeNode right = tree.ShadowChild(parent, leftIndex + 1);
        MergeOrShift(tree, parent, left, right, leftIndex + 1);
    }

    // __rebalance2.
    private static void MergeOrShift(BTree tree, BTreeNode parent, BTreeNode left, BTreeNode right, int rightIndex)
    {
        int total = left.EntryCount + right.EntryCount;
        if (total < (2 * MergeThreshold(left)) + 1)
        {
            left.ShiftTo(right, -right.EntryCount);
            parent.DeleteAt(rightIndex);
            tree.Blocks.Decrement(right.Address);
            return;
        }

        left.ShiftTo(right, left.EntryCount - (total / 2));
        parent.Keys[rightIndex] = right.Keys[0];
    }

    private static void EvenOutThree(BTree tree, BTreeNode parent, int leftIndex)
    {
        BTreeNode left = tree.ShadowChild(parent, leftIndex);
        BTreeNode center = tree.ShadowChild(parent, leftIndex + 1);
        BTreeNode right = tree.ShadowChild(parent, leftIndex + 2);
        int total = left.EntryCount + center.EntryCount + right.EntryCount;
        if (total < (4 * MergeThreshold(left)) + 1)
        {
            DeleteCenter(tree, parent, left, center, right, leftIndex);
            return;
        }

        SpreadOverThree(left, center, right, total);
        parent.Keys[leftIndex + 1] = center.Keys[0];
        parent.Keys[leftIndex + 2] = right.Keys[0];
    }

    // delete_center_node: as much as fits to the left, the rest to the right, then both are evened out.
    private static void DeleteCenter(BTree tree, BTreeNode parent, BTreeNode left, BTreeNode center, BTreeNode right, int leftIndex)
    {
        left.ShiftTo(center, -Math.Min(left.FreeEntryCount, center.EntryCount));
        center.ShiftTo(right, center.EntryCount);
        parent.Keys[leftIndex + 2] = right.Keys[0];
        parent.DeleteAt(leftIndex + 1);
        tree.Blocks.Decrement(center.Address);
        MergeOrShift(tree, parent, left, right, leftIndex + 1);
    }

    // redistribute3: a third each, the remainder to the left.
    private static void SpreadOverThree(BTreeNode left, BTreeNode center, BTreeNode right, int total)
    {
        int targetRight = total / 3;
        int targetLeft = targetRight + (targetRight * 3 != total ? 1 : 0);
        if (left.EntryCount < right.EntryCount)
        {
            int surplus = left.EntryCount - targetLeft;
            if (surplus < 0 && center.EntryCount < -surplus)
            {
                int wanted = surplus + center.EntryCount;
                left.ShiftTo(center, -center.EntryCount);
                left.ShiftTo(right, wanted);
            }
            else
                left.ShiftTo(center, surplus);

            center.ShiftTo(right, targetRight - right.EntryCount);
        }
        else
        {
            int wanted = targetRight - right.EntryCount;
            if (wanted > 0 && center.EntryCount < wanted)
            {
                int rest = wanted - center.EntryCount;
                center.ShiftTo(right, center.EntryCount);
                left.ShiftTo(right, rest);
            }
            else
                center.ShiftTo(right, wanted);

            left.ShiftTo(center, left.EntryCount - targetLeft);
        }
    }
}
