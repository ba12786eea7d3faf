using StorageLab.Model.Constants;

namespace StorageLab.Model.ThinProvisioning;

/// <summary>Insertion into a <see cref="BTree"/>, in both of the kernel's generations.</summary>
/// <remarks>
/// Source: drivers/md/persistent-data/dm-btree.c. Until Linux 5.13 a full node on the way down is halved, so ascending writes leave leaves
/// half full.
/// Since commit 4eafdb1515a7 it first gives entries to a sibling of its own, and two full ones become three.
/// </remarks>
internal static class BTreeInsertion
{
    /// <summary>Entries a sibling must have free for a move to pay.</summary>
    [ModelConstant(ModelPart.Metadata, "entries", "Linux drivers/md/persistent-data/dm-btree.c: SPACE_THRESHOLD")]
    private const int SpaceThreshold = 8;

    /// <summary>Sets the value of a key.</summary>
    /// <param name="inserted">Whether the key is new.</param>
    /// <returns>The root of the changed tree.</returns>
    public static int Insert(BTree tree, int root, uint key, ReadOnlySpan<ulong> value, out bool inserted)
    {
        BTreeNode leaf = FindLeaf(tree, root, key, out int index, out int newRoot);
        inserted = index < 0 || leaf.Keys[index] != key;
        if (inserted)
            leaf.InsertAt(index + 1, key, value);
        else
            tree.Replace(leaf, index, value);
        return newRoot;
    }

    /// <summary>Sets the value of a key of a tree with one-word values.</summary>
    /// <inheritdoc cref="Insert(BTree, int, uint, ReadOnlySpan{ulong}, out bool)"/>
    public static int Insert(BTree tree, int root, uint key, ulong value, out bool inserted) =>
        Insert(tree, root, key, new ReadOnlySpan<ulong>(in value), out inserted);

    /// <summary>Shadows the path to the leaf where <paramref name="key"/> is or belongs, with room for it.</summary>
    /// <param name="index">The last entry in the leaf that is not above the key; -1 for none.</param>
    public static BTreeNode FindLeaf(BTree tree, int root, uint key, out int index, out int newRoot)
    {
        BTreeNode node = tree.Shadow(root);
        newRoot = node.Address;
        if (NeedsRoom(tree, node, key))
            SplitBeneath(tree, node);
        index = node.LowerBound(key);
        while (!node.IsLeaf)
        {
            if (index < 0)
            {
                node.Keys[0] = key;
                index = 0;
            }

            BTreeNode child = tree.ShadowChild(node, index);
            if (NeedsRoom(tree, child, key))
                child = tree.FillsSiblings ? GiveOrSplit(tree, node, child, index, key) : SplitOneIntoTwo(tree, node, child, index, key);
            node = child;
            index = node.LowerBound(key);
        }

        return node;
    }

    private static bool NeedsRoom(BTree tree, BTreeNode node, uint key)
    {
        if (!node.IsFull)
            return false;
        if (!tree.FillsSiblings || !node.IsLeaf)
            return true;
        int index = node.LowerBound(key);
        return index < 0 || node.Keys[index] != key;
    }

    // btree_split_beneath: the root stays where it is and gets two children with a half of its entries each.
    private static void SplitBeneath(BTree tree, BTreeNode root)
    {
        BTreeNode left = tree.NewNode();
        left.CopyFrom(root);
        BTreeNode right = tree.NewNode();
        right.BecomeEmptyLike(root);
        left.ShiftTo(right, root.EntryCount - (root.EntryCount / 2));
        root.IsLeaf = false;
        root.MaxEntries = BTree.InnerMaxEntries;
        root.ValueWords = 1;
        root.EntryCount = 0;
        root.InsertChildAt(0, left);
        root.InsertChildAt(1, right);
    }

    // split_one_into_two, and btree_split_sibling before it.
    private static BTreeNode SplitOneIntoTwo(BTree tree, BTreeNode parent, BTreeNode left, int index, uint key)
    {
        BTreeNode right = tree.NewNode();
        right.BecomeEmptyLike(left);
        left.ShiftTo(right, left.EntryCount - (left.EntryCount / 2));
        parent.InsertChildAt(index + 1, right);
        return key < right.Keys[0] ? left : right;
    }

    // rebalance_or_split. A sibling that a snapshot shares is let alone: copying it would cost more than it saves.
    private static BTreeNode GiveOrSplit(BTree tree, BTreeNode parent, BTreeNode node, int index, uint key)
    {
        var isSiblingShared = false;
        if (index > 0 && TakesEntries(tree, parent.Child(index - 1), ref isSiblingShared))
            return Balance(parent, tree.ShadowChild(parent, index - 1), node, index, key);
        var isRightShared = false;
        if (index < parent.EntryCount - 1 && TakesEntries(tree, parent.Child(index + 1), ref isRightShared))
            return Balance(parent, node, tree.ShadowChild(parent, index + 1), index + 1, key);
        bool isAtEdge = parent.EntryCount <= 2 || index == 0 || index + 1 == parent.EntryCount;
        return isSiblingShared || isRightShared || isAtEdge
            ? SplitOneIntoTwo(tree, parent, node, index, key)
            : SplitTwoIntoThree(tree, parent, node, index, key);
    }

    private static bool TakesEntries(BTree tree, int sibling, ref bool isShared)
    {
        isShared = tree.Blocks.Count(sibling) > 1;
        return !isShared && tree.Node(sibling).FreeEntryCount >= SpaceThreshold;
    }

    // rebalance_left and rebalance_right.
    private static BTreeNode Balance(BTreeNode parent, BTreeNode left, BTreeNode right, int rightIndex, uint key)
    {
        left.ShiftTo(right, left.EntryCount - ((left.EntryCount + right.EntryCount) / 2));
        parent.Keys[rightIndex] = right.Keys[0];
        return key < right.Keys[0] ? left : right;
    }

    // split_two_into_three; only called with a sibling on both sides, so the left one is used.
    private static BTreeNode SplitTwoIntoThree(BTree tree, BTreeNode parent, BTreeNode right, int index, uint key)
    {
        BTreeNode left = tree.ShadowChild(parent, index - 1);
        BTreeNode middle = tree.NewNode();
        middle.BecomeEmptyLike(left);
        int total = left.EntryCount + right.EntryCount;
        int targetLeft = total / 3;
        int targetMiddle = (total - targetLeft) / 2;
        int targetRight = total - targetLeft - targetMiddle;
        // Both are nearly full here, so each gives its surplus to the new one between them.
        left.ShiftTo(middle, left.EntryCount - targetLeft);
        middle.ShiftTo(right, targetRight - right.EntryCount);
        parent.Keys[index] = right.Keys[0];
        parent.InsertChildAt(index, middle);
        if (key < middle.Keys[0])
            return left;
        return key < right.Keys[0] ? middle : right;
    }
}
