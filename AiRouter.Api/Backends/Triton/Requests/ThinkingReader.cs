using System.Collections.Frozen;
using System.Text.Json;
using AiRouter.Prompting.Formats;

namespace AiRouter.Api.Backends.Triton.Requests;

/// <summary>
/// How much the model is to think, as the request says it for every model alike: <c>reasoning_effort</c>, and <c>thinking</c> as an
/// object, which some vendors' own APIs have. Templates know it by other names: most switch thinking on and off, few have levels.
/// </summary>
internal static class ThinkingReader
{
    private const string Effort = "reasoning_effort";
    private const string Thinking = "thinking";

    /// <summary>Variables of templates that are true where the model thinks.</summary>
    private static readonly string[] Switches = ["enable_thinking", Thinking];

    /// <summary>Every effort of OpenAI's and Anthropic's APIs, and the one of the three that Harmony's models know.</summary>
    private static readonly FrozenDictionary<string, string> Levels = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["none"] = "low",
        ["minimal"] = "low",
        ["low"] = "low",
        ["medium"] = "medium",
        ["high"] = "high",
        ["xhigh"] = "high",
        ["max"] = "high",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private const string Known = "'none', 'minimal', 'low', 'medium', 'high', 'xhigh' and 'max'";

    private static readonly JsonElement Yes = JsonElement.Parse("true");
    private static readonly JsonElement No = JsonElement.Parse("false");

    /// <summary>Adds the variables that the format's template has for it; members that it has none for stay in the reader.</summary>
    public static void Read(MemberReader reader, FormatTraits traits, Dictionary<string, JsonElement> variables)
    {
        var switches = Switches.Where(traits.Names.Contains).ToList();
        var isOn = ReadEffort(reader, traits, switches.Count > 0, variables);
        if (ReadThinking(reader, switches.Count > 0) is { } asked)
        {
            isOn = asked;
        }

        if (isOn is { } thinks)
        {
            foreach (var name in switches)
            {
                variables[name] = thinks ? Yes : No;
            }
        }
    }

    private static bool? ReadEffort(
        MemberReader reader, FormatTraits traits, bool hasSwitch, Dictionary<string, JsonElement> variables)
    {
        var hasLevels = traits.Names.Contains(Effort);
        if ((!hasLevels && !hasSwitch) || reader.Take(Effort) is not { } value)
        {
            return null;
        }

        var level = value.ValueKind == JsonValueKind.String ? value.GetString()! : null;
        if (level?.Length == 0)
        {
            return null;
        }

        if (hasLevels && !(hasSwitch && level == "none"))
        {
            // Others than Harmony's have levels of their own, which only the template knows.
            variables[Effort] = traits.Reasoning == "harmony" && level is not null && Levels.TryGetValue(level, out var known)
                ? JsonElement.Parse($"\"{known}\"")
                : value;
        }

        if (!hasSwitch)
        {
            return null;
        }

        if (level is null)
        {
            reader.FailType(Effort, "a string", value);
        }
        else if (!hasLevels && !Levels.ContainsKey(level))
        {
            reader.Fail(Effort, $"Invalid value for '{Effort}': expected one of {Known}.");
        }

        return level != "none";
    }

    /// <summary>To a template, which wants a boolean, the object would be true whatever it says.</summary>
    private static bool? ReadThinking(MemberReader reader, bool hasSwitch)
    {
        if (!hasSwitch || !reader.Rest.TryGetValue(Thinking, out var value) || value.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        reader.Take(Thinking);
        switch (MemberReader.TextIn(value, "type"))
        {
            case "enabled":
                return true;
            case "disabled":
                return false;
            case "adaptive":
                return null;
            default:
                reader.Fail("thinking.type", "Invalid value for 'thinking.type': expected one of 'enabled', 'disabled' and 'adaptive'.");
                return null;
        }
    }
}
