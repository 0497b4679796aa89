using System.Text;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Requests;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Backends.OpenAi;

/// <summary>What is different in the form that a backend gets: <c>model</c>, in its place, and R11's parameters.</summary>
internal static class FormEdits
{
    /// <summary>The edits for one target, by place.</summary>
    public static async ValueTask<IReadOnlyList<FormEdit>> ForAsync(
        Exchange exchange, TargetModel target, UploadBody form, CancellationToken cancellationToken)
    {
        var changes = new FormChanges(form);
        ParameterRules.Apply(changes, exchange.Model!.Model.Config.Parameters);
        ParameterRules.Apply(changes, target.Config.Parameters);
        var edits = changes.IsEmpty ? [] : await changes.ToEditsAsync(cancellationToken);
        return [.. edits.Append(Model(form, changes, target.NameFor(exchange.Model))).OrderBy(e => e.Start).ThenBy(e => e.Length)];
    }

    /// <summary>The value of <c>model</c>, or the part, before all others.</summary>
    public static FormEdit Model(UploadBody form, FormChanges changes, string model) => form.Find("model") is { } part
        ? new FormEdit(part.ValueStart, part.ValueLength, Encoding.UTF8.GetBytes(model))
        : new FormEdit(
            form.Parts.Count > 0 ? form.Parts[0].Start : 0, 0, Encoding.UTF8.GetBytes(changes.Part("model", model)));
}
