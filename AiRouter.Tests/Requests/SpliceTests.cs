using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using AiRouter.Api.Requests;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace AiRouter.Tests.Requests;

public sealed class SpliceTests
{
    private static readonly string[] Spellings = ["\"model\"", "\"m\\u006fdel\"", "\"\\u006dodel\"", "\"mode\\u006C\""];
    private static readonly string[] Others =
    [
        "\"a\":1e400", "\"b\" : [ {\"model\":\"x\"} ]", "\"c\":\"\\\"model\\\":1\"", "\"d\":null", "\"e\":{\"model\":{}}", "\"ö\":\"\\ud83d\\ude00\"",
        "\n \"f\":-0.0 ",
    ];

    [Property(MaxTest = 300)]
    public Property Only_the_value_of_model_changes()
    {
        var body =
            from before in Gen.SubListOf(Others)
            from spelling in Gen.Elements(Spellings)
            from value in Gen.Elements("\"m\"", "\"a\\u0062/c\"", "null", "\"\"")
            from after in Gen.SubListOf(Others.Except(before))
            from blank in Gen.Elements("", " ", "\n\t")
            select (Head: "{" + blank + string.Concat(before.Select(b => b + "," + blank)) + spelling + blank + ":" + blank, value,
                Tail: blank + string.Concat(after.Select(a => "," + a)) + "}" + blank);
        return Prop.ForAll(body.ToArbitrary(), b =>
            Change(b.Head + b.value + b.Tail, changes => changes.Set("model", JsonText.Quote("new \"name\" ü"))) ==
            b.Head + "\"new \\\"name\\\" ü\"" + b.Tail);
    }

    [Property(MaxTest = 300)]
    public Property Any_set_of_removals_additions_and_renames_is_what_an_object_model_would_make()
    {
        var plan =
            from names in Gen.SubListOf("a", "b", "c", "d", "e")
            from removed in Gen.SubListOf("a", "b", "c", "d", "e")
            from set in Gen.SubListOf("a", "c", "x", "y")
            from blank in Gen.Elements("", " ", " \n")
            select (names, removed, set, blank);
        return Prop.ForAll(plan.ToArbitrary(), p =>
        {
            var json = "{" + p.blank + string.Join("," + p.blank, p.names.Select(n => $"\"{n}\":{p.blank}\"{n}\"")) + p.blank + "}";
            var expected = JsonNode.Parse(json)!.AsObject();
            var changed = Change(json, changes =>
            {
                foreach (var name in p.removed)
                {
                    changes.Remove(name);
                    expected.Remove(name);
                }

                foreach (var name in p.set)
                {
                    changes.Set(name, "1"u8.ToArray());
                    expected[name] = 1;
                }
            });
            return JsonNode.DeepEquals(expected, JsonNode.Parse(changed));
        });
    }

    [Fact]
    public void Rename_keeps_the_value_where_it_stands_and_yields_to_the_clients_own_choice()
    {
        Assert.Equal("""{"n":1, "new" : 5}""", Change("""{"n":1, "old" : 5}""", c => c.Rename("old", "new")));
        Assert.Equal("""{"new":6}""", Change("""{"old":5,"new":6}""", c => c.Rename("old", "new")));
    }

    private static string Change(string json, Action<MemberChanges> change)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        using var index = JsonIndex.Read(bytes, out var error);
        Assert.Null(error);
        var changes = new MemberChanges(index!);
        change(changes);
        var edits = changes.ToEdits();
        var output = new ArrayBufferWriter<byte>();
        edits.WriteTo(output, bytes);
        Assert.Equal(output.WrittenCount, edits.ResultLength(bytes.Length));
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
