using AiRouter.Core.Keys;

namespace AiRouter.Tests.Keys;

/// <summary>What a router makes of what it reads of the store, one look after the other.</summary>
public sealed class KeyKnowledgeTests
{
    private static readonly DateTimeOffset Now = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void R36_store_that_was_emptied_takes_no_keys_away_and_what_is_known_grows_old()
    {
        var before = KeyKnowledge.Nothing.See(Snapshot("a", 1), Now);

        var emptied = before.See(KeySnapshot.Empty, Now.AddHours(1));

        Assert.True(emptied.IsEmptied);
        Assert.Same(before.Store, emptied.Store);
        Assert.Equal(Now, emptied.SeenAt);
        Assert.Empty(emptied.Forgotten(Now));
        Assert.False(emptied.See(before.Store!, Now.AddHours(2)).IsEmptied);
    }

    [Fact]
    public void R36_store_that_was_emptied_and_filled_again_leaves_the_keys_of_before_for_a_while()
    {
        var before = KeyKnowledge.Nothing.See(Snapshot("a", 1), Now).See(KeySnapshot.Empty, Now.AddHours(1));

        var filled = before.See(Snapshot("b", 1), Now.AddHours(2));

        Assert.Same(before.Store!.Records, filled.Lost!.Records);
        Assert.Equal(Now, filled.Lost.SeenAt);
        Assert.Equal(filled.Lost, KeyKnowledge.Nothing.Restore(filled.Copy!, Now, Now).Lost);
    }

    [Fact]
    public void R36_copy_that_is_read_after_an_emptied_store_counts_as_if_it_was_read_before()
    {
        var copy = Snapshot("a", 1);

        var emptied = KeyKnowledge.Nothing.See(KeySnapshot.Empty, Now).Restore(copy, Now.AddHours(-1), Now);
        var other = KeyKnowledge.Nothing.See(Snapshot("b", 2), Now).Restore(copy, Now.AddHours(-1), Now);
        var same = KeyKnowledge.Nothing.See(Snapshot("a", 3), Now).Restore(copy, Now.AddHours(-1), Now);

        Assert.Equal((true, copy, Now.AddHours(-1)), (emptied.IsEmptied, emptied.Store, emptied.SeenAt));
        Assert.Equal((2, Now.AddHours(-1)), (other.Store!.Version, other.Lost!.SeenAt));
        Assert.Same(copy.Records, other.Lost.Records);
        Assert.Equal((3, null, Now), (same.Store!.Version, same.Lost, same.SeenAt));
    }

    [Fact]
    public void R3_revocations_that_the_store_has_forgotten_still_hold_and_are_told_again()
    {
        var hash = TestKeys.Make("x").Record.Hash;
        var later = TestKeys.Make("y").Record.Hash;
        var revoked = new Dictionary<string, DateTimeOffset> { [hash] = DateTimeOffset.UnixEpoch, [later] = Now.AddHours(1) };
        var before = KeyKnowledge.Nothing.See(Snapshot("a", 7) with { Revoked = revoked }, Now);

        var after = before.See(Snapshot("a", 5), Now);

        Assert.Equal(revoked, after.Revoked);
        Assert.Equal([hash], after.Forgotten(Now));
        Assert.Empty(before.Forgotten(Now));
        Assert.Equal(revoked, after.Copy!.Revoked);
    }

    [Fact]
    public void Look_that_finds_nothing_new_changes_only_its_moment()
    {
        var revoked = new Dictionary<string, DateTimeOffset> { [TestKeys.Make("x").Record.Hash] = DateTimeOffset.UnixEpoch };
        var before = KeyKnowledge.Nothing.See(Snapshot("a", 7) with { Revoked = revoked }, Now);

        var after = before.See(before.Store!, Now.AddSeconds(8));

        Assert.Equal(before with { SeenAt = Now.AddSeconds(8) }, after);
        Assert.Same(before.Revoked, after.Revoked);
    }

    [Fact]
    public void Copy_from_the_disk_holds_until_the_store_has_been_read()
    {
        var copy = Snapshot("a", 7);

        var restored = KeyKnowledge.Nothing.Restore(copy, Now.AddDays(1), Now);

        Assert.Equal(Now, restored.SeenAt);
        Assert.True(restored.AnyHasExisted);
        Assert.Equal(8, restored.See(Snapshot("a", 8), Now).Restore(copy, Now, Now).Store!.Version);
    }

    private static KeySnapshot Snapshot(string latch, long version) =>
        new(version, [TestKeys.Make(latch).Record], KeySnapshot.Empty.Revoked, latch);
}
