using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace AiRouter.Core.Configuration.Writing;

/// <summary>Writes JSON as YAML in block style. Strings that any YAML reader might take for something else are quoted.</summary>
internal static partial class YamlWriter
{
    public static string Write(JsonNode root)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var emitter = new Emitter(text, new EmitterSettings().WithMaxSimpleKeyLength(1024));
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        Write(emitter, root);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    private static void Write(Emitter emitter, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                emitter.Emit(new MappingStart(
                    AnchorName.Empty, TagName.Empty, isImplicit: true, StyleOf(map.Count, MappingStyle.Block, MappingStyle.Flow)));
                foreach (var (key, value) in map)
                {
                    WriteText(emitter, key);
                    Write(emitter, value);
                }

                emitter.Emit(new MappingEnd());
                break;
            case JsonArray list:
                emitter.Emit(new SequenceStart(
                    AnchorName.Empty, TagName.Empty, isImplicit: true, StyleOf(list.Count, SequenceStyle.Block, SequenceStyle.Flow)));
                foreach (var item in list)
                {
                    Write(emitter, item);
                }

                emitter.Emit(new SequenceEnd());
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                WriteText(emitter, value.GetValue<string>());
                break;
            default:
                emitter.Emit(new Scalar(
                    AnchorName.Empty, TagName.Empty, node?.ToJsonString() ?? "null", ScalarStyle.Plain, true, false));
                break;
        }
    }

    private static void WriteText(Emitter emitter, string text) => emitter.Emit(new Scalar(
        AnchorName.Empty, TagName.Empty, text, Safe().IsMatch(text) ? ScalarStyle.Plain : ScalarStyle.DoubleQuoted, true, true));

    // Only flow style can write something empty.
    private static T StyleOf<T>(int count, T block, T flow) => count > 0 ? block : flow;

    [GeneratedRegex(
        "^(?!(?:true|false|yes|no|on|off|null|y|n)$)(?:[A-Za-z]|/)[A-Za-z0-9_./-]*(?::[A-Za-z0-9_./-]+)*$",
        RegexOptions.IgnoreCase)]
    private static partial Regex Safe();
}
