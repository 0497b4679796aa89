using System.Text;
using AiRouter.Prompting.Jinja;

namespace AiRouter.Tests.Prompting.Formats.Shipped;

/// <summary>
/// The shipped templates give what the models' published ones give under Jinja2 itself, byte for byte. The goldens come
/// from <c>render_published.py</c>.
/// </summary>
public sealed class ShippedTemplateTests
{
    public static TheoryData<string> Names => ShippedFormats.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Template_gives_what_the_published_one_gives(string name)
    {
        var template = new ShippedTemplate(name);
        var different = new StringBuilder();
        var goldens = ShippedFormats.Goldens(name);
        foreach (var golden in goldens)
        {
            var actual = Outcome(template, golden);
            if (actual is not null)
            {
                different.AppendLine($"{golden.Case}: {actual}");
            }
        }

        Assert.NotEmpty(goldens);
        Assert.Equal("", different.ToString());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Prompt_begins_with_one_bos(string name)
    {
        var bos = ShippedFormats.Entry(name).GetProperty("bos").GetString()!;
        var prompt = new ShippedTemplate(name).Render("""{"messages": [{"role": "user", "content": "Hi"}]}""");

        if (bos.Length > 0)
        {
            Assert.StartsWith(bos, prompt, StringComparison.Ordinal);
            Assert.Equal(0, prompt.LastIndexOf(bos, StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void End_token_is_what_follows_an_answer(string name)
    {
        // What a model is shown behind its old answers is what it writes behind a new one. Harmony has another token
        // there (<|end|>) than at the end (<|return|>), which shows when the conversation ends in the answer.
        var template = new ShippedTemplate(name);
        var ends = ShippedFormats.Texts(ShippedFormats.Entry(name), "endTokens");
        var behind = new[] { false, true }.Select(goesOn => Behind(template, goesOn)).ToList();

        Assert.NotEmpty(ends);
        Assert.Contains(behind, text => ends.Any(end => text.StartsWith(end, StringComparison.Ordinal)));
    }

    private static string Behind(ShippedTemplate template, bool goesOn)
    {
        var more = goesOn ? """, {"role": "user", "content": "Bye"}""" : "";
        var prompt = template.Render(
            $$"""
            {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "An answer"}{{more}}],
             "add_generation_prompt": false}
            """);
        return prompt[(prompt.IndexOf("An answer", StringComparison.Ordinal) + "An answer".Length)..].TrimStart();
    }

    /// <summary>What is wrong; null: nothing.</summary>
    private static string? Outcome(ShippedTemplate template, GoldenRendering golden)
    {
        try
        {
            var actual = template.Render(golden.Context);
            return golden switch
            {
                { IsRefused: true } => "it should be refused, and is: " + actual,
                { Expected: { } expected } when expected != actual => Difference(expected, actual),
                _ => null,
            };
        }
        catch (JinjaException exception)
        {
            // A published template that breaks on a conversation says nothing about the prompt; ours must not break.
            return exception.Kind == JinjaErrorKind.Refused && golden.Expected is null ? null : exception.Message;
        }
    }

    private static string Difference(string expected, string actual)
    {
        var at = expected.Zip(actual).TakeWhile(pair => pair.First == pair.Second).Count();
        var from = Math.Max(0, at - 40);
        return $"at {at}\n  expected …{Part(expected)}\n  actual   …{Part(actual)}";

        string Part(string text) => text[from..Math.Min(text.Length, at + 80)].ReplaceLineEndings("\\n");
    }
}
