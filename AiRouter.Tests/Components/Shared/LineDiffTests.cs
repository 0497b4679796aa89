using System.Text;
using AiRouter.Admin.Components.Shared.Comparing;
using FsCheck.Xunit;

namespace AiRouter.Tests.Components.Shared;

public sealed class LineDiffTests
{
    [Fact]
    public void Line_that_changes_goes_and_comes_where_it_stands() => Assert.Equal(
        ["  a", "- b", "+ B", "  c", "+ d"],
        Shown(LineDiff.Between("a\nb\nc\n", "a\nB\nc\nd\n")));

    [Fact]
    public void Lines_have_their_numbers_in_both_texts()
    {
        var lines = LineDiff.Between("a\nb\n", "x\na\n");

        Assert.Equal([(null, 1), (1, 2), (2, null)], lines.Select(static l => (l.Before, l.After)));
    }

    [Theory]
    [InlineData("", "", 0)]
    [InlineData("", "a", 1)]
    [InlineData("a\n", "", 1)]
    [InlineData("a\r\nb\r\n", "a\nb\n", 2)]
    [InlineData("\n", "\n\n", 2)]
    public void Ends_and_line_breaks_are_no_lines_of_their_own(string before, string after, int count) =>
        Assert.Equal(count, LineDiff.Between(before, after).Count);

    [Property(MaxTest = 2000)]
    public void Diff_is_right_and_as_short_as_it_can_be(byte[] before, byte[] after)
    {
        // Few different lines, so that much is equal.
        var old = before.Select(static b => (b % 3).ToString()).ToArray();
        var now = after.Select(static b => (b % 3).ToString()).ToArray();

        var lines = LineDiff.Between(Text(old), Text(now));

        Assert.Equal(old, lines.Where(static l => l.Kind != DiffKind.Added).Select(static l => l.Text));
        Assert.Equal(now, lines.Where(static l => l.Kind != DiffKind.Removed).Select(static l => l.Text));
        Assert.Equal(Longest(old, now), lines.Count(static l => l.Kind == DiffKind.Same));
    }

    [Property(MaxTest = 500)]
    public void Diff_that_is_too_long_to_look_for_is_right_still(byte[] before, byte[] after, byte steps)
    {
        var old = before.Select(static b => (b % 3).ToString()).ToArray();
        var now = after.Select(static b => (b % 3).ToString()).ToArray();

        var lines = LineDiff.Between(Text(old), Text(now), steps % 32);

        Assert.Equal(old, lines.Where(static l => l.Kind != DiffKind.Added).Select(static l => l.Text));
        Assert.Equal(now, lines.Where(static l => l.Kind != DiffKind.Removed).Select(static l => l.Text));
    }

    [Fact]
    public void Change_of_every_tenth_line_of_many_is_told_exactly()
    {
        var old = Enumerable.Range(0, 20_000).Select(static i => $"line {i}").ToArray();
        var now = old.Select(static (line, i) => i % 10 == 0 ? line + "!" : line).ToArray();

        var lines = LineDiff.Between(Text(old), Text(now));

        Assert.Equal(2000, lines.Count(static l => l.Kind == DiffKind.Added));
        Assert.Equal(2000, lines.Count(static l => l.Kind == DiffKind.Removed));
    }

    [Fact]
    public void Texts_with_nothing_in_common_are_two_blocks()
    {
        var lines = LineDiff.Between(
            Text(Enumerable.Range(0, 50_000).Select(static i => $"a{i}")), Text(Enumerable.Range(0, 50_000).Select(static i => $"b{i}")));

        Assert.Equal(100_000, lines.Count);
        Assert.All(lines.Take(50_000), static l => Assert.Equal(DiffKind.Removed, l.Kind));
    }

    [Fact]
    public void Equal_lines_far_from_a_change_are_left_out()
    {
        var old = Enumerable.Range(1, 20).Select(static i => $"{i}").ToArray();
        var now = old.Select(static line => line == "10" ? "ten" : line).ToArray();

        Assert.Equal(
            ["~ 7 equal lines", "  8", "  9", "- 10", "+ ten", "  11", "  12", "~ 8 equal lines"],
            Shown(LineDiff.Fold(LineDiff.Between(Text(old), Text(now)), 2)));
    }

    [Fact]
    public void Single_equal_line_is_shown_rather_than_counted() => Assert.Equal(
        ["+ x", "  a", "  b", "  c", "+ y"],
        Shown(LineDiff.Fold(LineDiff.Between("a\nb\nc\n", "x\na\nb\nc\ny\n"), 1)));

    [Fact]
    public void Nothing_that_differs_is_nothing_but_lines_left_out() => Assert.Equal(
        ["~ 2 equal lines"], Shown(LineDiff.Fold(LineDiff.Between("a\nb\n", "a\nb\n"))));

    private static string Text(IEnumerable<string> lines)
    {
        var text = new StringBuilder();
        foreach (var line in lines)
        {
            text.Append(line).Append('\n');
        }

        return text.ToString();
    }

    private static IEnumerable<string> Shown(IEnumerable<DiffLine> lines) => lines.Select(static l => l.Kind switch
    {
        DiffKind.Same => "  " + l.Text,
        DiffKind.Removed => "- " + l.Text,
        DiffKind.Added => "+ " + l.Text,
        _ => "~ " + l.Text,
    });

    // The plain way: the longest common subsequence by a table.
    private static int Longest(string[] a, string[] b)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                table[i, j] = a[i - 1] == b[j - 1] ? table[i - 1, j - 1] + 1 : Math.Max(table[i - 1, j], table[i, j - 1]);
            }
        }

        return table[a.Length, b.Length];
    }
}
