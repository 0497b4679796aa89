using System.Buffers;
using System.Text.Json;
using AiRouter.Prompting.Jinja.Library;
using AiRouter.Prompting.Jinja.Values;
using AiRouter.Tests.Prompting.Jinja.Values;

namespace AiRouter.Tests.Prompting.Jinja.Library;

/// <summary>What the expressions compared with Jinja2 do not show.</summary>
public sealed class FilterTests
{
    [Theory]
    [InlineData("trim")]
    [InlineData("string")]
    [InlineData("default")]
    [InlineData("lower")]
    public void Filter_with_nothing_to_do_returns_the_same_text(string name)
    {
        var text = JinjaValue.From(new string('a', 100));

        Assert.Same(text.Reference, Call(name, text).Reference);
    }

    [Fact]
    public void Trim_of_a_trimmed_text_allocates_nothing()
    {
        var text = JinjaValue.From("no white space around");
        var run = new FreeRun();
        JinjaFilters.TryGet("trim", out var trim);
        trim!(text, new JinjaCall(run, []));

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            trim(text, new JinjaCall(run, []));
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Writing_texts_and_numbers_allocates_nothing()
    {
        var output = new ArrayBufferWriter<byte>(1 << 16);
        var run = new FreeRun();
        JinjaValue[] values =
            [JinjaValue.From("text é 😀"), JinjaValue.From(-42), JinjaValue.None, JinjaValue.True, default];
        Write();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            Write();
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Write()
        {
            foreach (ref readonly var value in values.AsSpan())
            {
                PythonText.Write(value, output, run);
            }
        }
    }

    [Fact]
    public void Looking_up_a_message_s_members_allocates_nothing()
    {
        var message = JinjaValue.From(
            new JinjaDict().Set("role", JinjaValue.From("user")).Set("content", JinjaValue.From("Hi")));
        var (content, missing) = (JinjaName.Of("content"), JinjaName.Of("tool_calls"));
        var run = new FreeRun();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            Lookup.Attribute(message, content, run);
            Lookup.Item(message, content, run);
            Lookup.Attribute(message, missing, run);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Random_takes_its_choice_from_the_rendering()
    {
        var items = JinjaValue.List([.. Enumerable.Range(0, 100).Select(i => JinjaValue.From(i))]);
        JinjaFilters.TryGet("random", out var random);

        var first = random!(items, new JinjaCall(new FreeRun(new Random(5)), []));
        var second = random(items, new JinjaCall(new FreeRun(new Random(5)), []));

        Assert.Equal(first, second);
        Assert.Equal(JinjaValue.From(new Random(5).NextInt64(100)), first);
    }

    // Jinja2 3.1.2 fails here, 3.1.6 takes the default.
    [Theory]
    [InlineData("inf")]
    [InlineData("1.5e400")]
    public void Int_of_an_infinite_text_is_the_default(string text) =>
        Assert.Equal(JinjaValue.From(0), Call("int", JinjaValue.From(text)));

    // Jinja2 3.1.2 forgot pop and clear, 3.1.6 refuses them.
    [Theory]
    [InlineData("pop")]
    [InlineData("clear")]
    public void Lists_cannot_be_changed(string method)
    {
        var value = Lookup.Attribute(JinjaValue.EmptyList, JinjaName.Of(method), new FreeRun());

        Assert.True(value.IsUndefined);
        Assert.Equal("SecurityError", value.UndefinedError().Type);
    }

    [Fact]
    public void Half_a_surrogate_pair_in_json_is_a_text()
    {
        using var document = JsonDocument.Parse("""{"a\ud800": "x\udc00\n\u00e9"}""");

        Assert.True(JinjaValue.FromJson(document.RootElement).TryGetDict(out var dict));
        Assert.True(dict.TryGetValue("a\ud800", out var value));
        Assert.Equal("x\udc00\né", value.ToString());
    }

    [Theory]
    [InlineData("1", "1")]
    [InlineData("-0", "0")]
    [InlineData("1.0", "1.0")]
    [InlineData("1e2", "100.0")]
    [InlineData("1e400", "inf")]
    [InlineData("12345678901234567890123", "12345678901234567890123")]
    [InlineData("9223372036854775808", "9223372036854775808")]
    public void Numbers_of_json_are_what_Python_reads(string json, string text)
    {
        using var document = JsonDocument.Parse(json);

        Assert.Equal(text, JinjaValue.FromJson(document.RootElement).ToString());
    }

    [Fact]
    public void Values_that_share_their_parts_are_not_compared_for_ever()
    {
        var (left, right) = (JinjaValue.EmptyList, JinjaValue.List([]));
        for (var i = 0; i < 60; i++)
        {
            left = JinjaValue.List(left, left);
            right = JinjaValue.List(right, right);
        }

        var exception = Assert.Throws<JinjaValueException>(
            () => Comparison.AreEqual(left, right, new FreeRun(budget: 1_000_000)));
        Assert.Equal("LimitReached", exception.Type);
        exception = Assert.Throws<JinjaValueException>(() => PythonText.Str(left, new FreeRun(budget: 1_000_000)));
        Assert.Equal("LimitReached", exception.Type);
    }

    [Fact]
    public void Values_nested_without_end_are_an_error()
    {
        var (left, right) = (JinjaValue.EmptyList, JinjaValue.List([]));
        for (var i = 0; i < 1_000_000; i++)
        {
            left = JinjaValue.List(left);
            right = JinjaValue.List(right);
        }

        var run = new FreeRun();
        Assert.Equal("RecursionError", Assert.Throws<JinjaValueException>(() => PythonText.Str(left, run)).Type);
        Assert.Equal("RecursionError", Assert.Throws<JinjaValueException>(() => Call("tojson", left)).Type);
        Assert.Equal(
            "RecursionError", Assert.Throws<JinjaValueException>(() => Comparison.AreEqual(left, right, run)).Type);
    }

    private static JinjaValue Call(string name, in JinjaValue value)
    {
        Assert.True(JinjaFilters.TryGet(name, out var filter));
        return filter(value, new JinjaCall(new FreeRun(), []));
    }
}
