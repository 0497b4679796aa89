using System.Text;
using System.Text.Json;
using AiRouter.Api.Requests;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace AiRouter.Tests.Requests;

/// <summary>It takes and refuses what <see cref="Utf8JsonReader"/> does, and sees the same tokens.</summary>
public sealed class JsonCursorTests
{
    // Pieces of which a random row is JSON, or nearly JSON, often enough.
    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", ",", ":", "\"a\":", "\"\\u0061\" : ", "\"b\"", "\"\"", " ", "\t\r\n", "0", "-0", "12", "-", "01", "1.5", "1.", ".5",
        "1e9", "1E+2", "2e-", "true", "false", "null", "nul", "tru", "\"\\n\\\"\\\\\\/\\b\\f\\r\\t\"", "\"\\x\"", "\"\\u12G4\"", "\"\\u12",
        "\"\\ud83d\\ude00\"", "\"\\ud83d\"", "\"\\udc00x\"", "\"\\ud800\\n\"", "\"ü🙂\"", "\"\u0001\"", "\"\u007f\"", "\\", "\"", "/**/",
    ];

    public static TheoryData<string> Texts =>
    [
        "", " ", "{}", " [ ] ", "1", "\"x\"", "null", "{\"a\":{\"b\":[1,2,{\"c\":null}]},\"d\":\"e\"}", "[1,]", "{\"a\":1,}", "[1 2]", "{\"a\" 1}",
        "{\"a\"}", "{1:2}", "[}", "{]", "1 2", "{} {}", "\"a\\", "\"a\\u", "\"a\\u00", "\"\\ud800\\u", "-", "1e", "00", "\uFEFF{}", "[1.0e+05,-0.0]",
        new string('[', 64) + new string(']', 64), new string('[', 65) + new string(']', 65),
        "[\"" + new string('x', 500) + "\\n" + new string('y', 500) + "\\ud83d\\ude00\\ud83d\\ude00\"]",
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public void Text_is_read_as_the_reader_reads_it(string text) => Assert.True(IsReadAlike(Encoding.UTF8.GetBytes(text)));

    [Property(MaxTest = 5000)]
    public Property Row_of_pieces_is_read_as_the_reader_reads_it() => Prop.ForAll(
        Gen.Elements(Pieces).ArrayOf().ToArbitrary(), pieces => IsReadAlike(Encoding.UTF8.GetBytes(string.Concat(pieces))));

    [Property(MaxTest = 2000)]
    public void Any_JSON_is_read_as_the_reader_reads_it(NonNull<string>[] texts, double[] numbers, bool flag)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object?>
        {
            ["texts"] = texts.Select(t => t.Get),
            ["numbers"] = numbers.Where(double.IsFinite),
            ["flag"] = flag,
            ["nested"] = new object?[] { null, new { text = string.Concat(texts.Select(t => t.Get)) }, Array.Empty<int>() },
        });

        Assert.True(IsReadAlike(json));
        Assert.True(IsReadAlike(json.AsSpan(0, json.Length - 1)));
    }

    [Property(MaxTest = 5000)]
    public bool Changed_byte_is_read_as_the_reader_reads_it(PositiveInt at, byte value)
    {
        var json = """ {"a":[1,-2.5e3,"x\ny\u00fc\ud83d\ude00",{"b":true,"c":[false,null]}], "d" : "" , "e":"\"\\" } """u8.ToArray();
        json[at.Get % json.Length] = value;

        return IsReadAlike(json);
    }

    [Theory]
    [InlineData("""["\ud83d\ude00","\\ud800","a\u00e9"]""", false)]
    [InlineData("""["\ud83d"]""", true)]
    [InlineData("""["\ude00"]""", true)]
    [InlineData("""["\ud83d\ud83d\ude00"]""", true)]
    [InlineData("""["\ud83d\n\ude00"]""", true)]
    [InlineData("""["\ud83dx"]""", true)]
    [InlineData("""{"\udbff":1}""", true)]
    public void Half_a_surrogate_pair_is_noticed(string json, bool expected)
    {
        var cursor = new JsonCursor(Encoding.UTF8.GetBytes(json));
        while (cursor.Read())
        {
        }

        Assert.Equal((expected, false), (cursor.HasLoneSurrogate, cursor.IsBroken));
    }

    [Theory]
    [InlineData("""{"a":1}""", true)]
    [InlineData("""{"\u0061":1}""", true)]
    [InlineData("""{"A":1}""", false)]
    [InlineData("""{"\u0062":1}""", false)]
    [InlineData("""{"\ud800":1}""", false)]
    public void Name_is_compared_with_its_escapes_resolved(string json, bool expected)
    {
        var cursor = new JsonCursor(Encoding.UTF8.GetBytes(json));
        cursor.Read();
        cursor.Read();

        Assert.Equal(expected, cursor.Is("a"u8));
    }

    [Fact]
    public void Skipping_goes_to_the_end_of_a_value()
    {
        var json = """{"a":{"b":[1,{"c":2}]},"d":3}"""u8;
        var cursor = new JsonCursor(json);
        cursor.Read();
        cursor.Read();
        cursor.Skip();

        Assert.Equal((JsonTokenType.EndObject, 1), (cursor.TokenType, cursor.Depth));
        Assert.True(cursor.Read() && cursor.Is("d"u8));
        cursor.Skip();
        Assert.Equal("3", Encoding.UTF8.GetString(cursor.Value));
    }

    private static bool IsReadAlike(ReadOnlySpan<byte> json)
    {
        var cursor = new JsonCursor(json);
        List<(JsonTokenType, int, int, string)> seen = [];
        while (cursor.Read())
        {
            var value = HasValue(cursor.TokenType) ? Convert.ToHexString(cursor.Value) : "";
            seen.Add((cursor.TokenType, cursor.TokenStart, cursor.Depth, value));
        }

        return Read(json) is { } expected ? !cursor.IsBroken && expected.SequenceEqual(seen) : cursor.IsBroken;
    }

    private static List<(JsonTokenType, int, int, string)>? Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = JsonIndex.MaxDepth });
        List<(JsonTokenType, int, int, string)> tokens = [];
        try
        {
            while (reader.Read())
            {
                var value = HasValue(reader.TokenType) ? Convert.ToHexString(reader.ValueSpan) : "";
                tokens.Add((reader.TokenType, (int)reader.TokenStartIndex, reader.CurrentDepth, value));
            }

            return tokens;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool HasValue(JsonTokenType token) =>
        token is JsonTokenType.PropertyName or JsonTokenType.String or JsonTokenType.Number;
}
