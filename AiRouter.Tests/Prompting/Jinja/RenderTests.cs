using AiRouter.Prompting.Jinja;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Tests.Prompting.Jinja;

/// <summary>What a template's user counts on besides the language.</summary>
public sealed class RenderTests
{
    [Fact]
    public void Text_longer_than_any_buffer_is_whole()
    {
        var text = string.Concat(Enumerable.Range(0, 20_000).Select(static i => $"{i} wörld 你好 👋 "));
        var variables = new JinjaDict().Set("x", JinjaValue.From(text));
        var expected = $"{text}|{text}{text}|{text}";

        Assert.Equal(expected, Render.Text(JinjaTemplate.Parse("{{ x }}|{{ x + x }}|{{ x }}", "t"), variables));
        Assert.Equal(
            expected,
            Render.Text(
                JinjaTemplate.Parse("{% macro m(a) %}{{ a }}{% endmacro %}{{ m(x) }}|{{ m(x) + m(x) }}|{% set y %}{{ x }}{% endset %}{{ y }}", "t"),
                variables));
        Assert.Equal(text, Render.Text(JinjaTemplate.Parse(text, "t"), new JinjaDict()));
    }

    [Fact]
    public void Half_of_a_surrogate_pair_becomes_the_replacement_character()
    {
        var variables = new JinjaDict().Set("x", JinjaValue.From("a\ud83d"));

        Assert.Equal("a\ufffdb", Render.Text(JinjaTemplate.Parse("{{ x + 'b' }}", "t"), variables));
    }

    [Fact]
    public async Task One_template_renders_on_many_threads()
    {
        var template = JinjaTemplate.Parse(
            "{% macro m(x) %}<{{ x }}>{% endmacro %}{% for i in range(50) %}{% set y = i ~ name %}{{ m(y) }}{{ loop.last }}{% endfor %}",
            "test.jinja");
        var expected = Enumerable.Range(0, 8).Select(thread => Render.Text(template, Named(thread))).ToArray();

        var all = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(
            () => (Thread: i % 8, Text: Render.Text(template, Named(i % 8))), TestContext.Current.CancellationToken)));

        Assert.All(all, result => Assert.Equal(expected[result.Thread], result.Text));

        static JinjaDict Named(int thread) => new JinjaDict().Set("name", JinjaValue.From($"thread {thread}"));
    }

    [Fact]
    public void Variables_of_the_template_are_known()
    {
        var template = JinjaTemplate.Parse(
            "{% set a = b %}{{ a }}{% for m in messages %}{{ m.x }}{{ bos_token }}{% endfor %}{{ raise_exception }}", "t");

        Assert.Equal(["b", "bos_token", "messages", "raise_exception"], template.Variables.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Variable_of_the_caller_goes_before_a_function_of_that_name()
    {
        Assert.Equal("mine", Render.Text("{{ range }}", """{"range": "mine"}"""));
    }

    [Fact]
    public void Rendering_allocates_little_more_than_its_variables()
    {
        var template = JinjaTemplate.Parse(
            "{% for m in messages %}{{ '<|' + m['role'] + '|>\n' + m['content'] + '</s>' }}{% endfor %}", "t");
        var message = JinjaValue.From(
            new JinjaDict().Set("role", JinjaValue.From("user")).Set("content", JinjaValue.From(new string('x', 1_000))));
        var variables = new JinjaDict().Set("messages", JinjaValue.List([.. Enumerable.Repeat(message, 100)]));
        var output = new CountingWriter();
        template.Render(variables, output, Render.Options);

        var before = GC.GetAllocatedBytesForCurrentThread();
        template.Render(variables, output, Render.Options);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(output.Count > 200_000);
        Assert.True(allocated < 4_096, $"{allocated} bytes");
    }

    [Fact]
    public void Clock_is_the_callers()
    {
        var options = new JinjaOptions { Now = new DateTimeOffset(2030, 2, 3, 4, 5, 6, TimeSpan.FromHours(5)) };

        Assert.Equal("2030-02-03 04:05:06", Render.Text("{{ strftime_now('%Y-%m-%d %H:%M:%S') }}", options: options));
    }

    private sealed class CountingWriter : System.Buffers.IBufferWriter<byte>
    {
        private readonly byte[] _buffer = new byte[256 * 1024];

        public long Count { get; private set; }

        public void Advance(int count) => Count += count;

        public Memory<byte> GetMemory(int sizeHint = 0) => _buffer;

        public Span<byte> GetSpan(int sizeHint = 0) => _buffer;
    }
}
