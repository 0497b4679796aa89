namespace AiRouter.Prompting.Tokens.HuggingFace;

/// <summary>Reads <c>post_processor</c>.</summary>
internal static class PostProcessorReader
{
    /// <summary>How many tokens it puts around a text.</summary>
    public static int Count(JsonPart part) => part.IsAbsent ? 0 : part.Type switch
    {
        "ByteLevel" => 0,
        "Sequence" => part.Of("processors").Items().Sum(Count),
        "TemplateProcessing" => CountTemplate(part),
        "BertProcessing" or "RobertaProcessing" => 2,
        _ => throw part.UnknownType("BertProcessing, ByteLevel, RobertaProcessing, Sequence, TemplateProcessing"),
    };

    private static int CountTemplate(JsonPart part)
    {
        var count = 0;
        foreach (var item in part.Of("single").Items())
        {
            if (item.Of("SpecialToken").Of("id").Text() is { } id)
            {
                // What stands for one name may be several tokens.
                count += part.Of("special_tokens").Of(id).Of("ids").Items().Count();
            }
        }

        return count;
    }
}
