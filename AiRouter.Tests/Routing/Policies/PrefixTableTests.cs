using AiRouter.Api.Routing.Policies;
using FsCheck.Xunit;

namespace AiRouter.Tests.Routing.Policies;

public sealed class PrefixTableTests
{
    [Fact]
    public void Longest_unused_is_forgotten()
    {
        var targets = PolicyTargets.Create(TimeProvider.System, 1, 1);
        var table = new PrefixTable(3);
        table.Remember([1], targets[0].State);
        table.Remember([2], targets[1].State);
        table.Remember([3], targets[1].State);
        table.Remember([1], targets[0].State);
        table.Remember([4], targets[1].State);

        Assert.Equal(0, table.FindLongest([1], targets));
        Assert.Equal(-1, table.FindLongest([2], targets));
        Assert.Equal(1, table.FindLongest([3], targets));
        Assert.Equal(3, table.Count);
    }

    // FindLongest stops at the first beginning that it does not know: no longer one may be left then.
    [Property(MaxTest = 100)]
    public void Nothing_is_known_without_what_it_begins_with_and_never_more_than_fits((byte, byte)[] conversations)
    {
        const int Capacity = 20;
        var targets = PolicyTargets.Create(TimeProvider.System, 1, 1);
        var table = new PrefixTable(Capacity);
        foreach (var (id, turns) in conversations)
        {
            table.Remember(Ends(id % 8, 1 + (turns % 12)), targets[id % 2].State);
            Assert.InRange(table.Count, 1, Capacity);
            Assert.Equal(id % 2, table.FindLongest(Ends(id % 8, 12), targets));
        }

        for (var id = 0; id < 8; id++)
        {
            var known = Enumerable.Range(0, 12).Select(turn => table.FindLongest([Ends(id, 12)[turn]], targets) >= 0).ToList();
            Assert.True(known.SkipWhile(k => k).All(k => !k));
        }
    }

    private static UInt128[] Ends(int id, int turns) =>
        [.. Enumerable.Range(0, turns).Select(turn => (UInt128)((id * 100) + turn + 1))];
}
