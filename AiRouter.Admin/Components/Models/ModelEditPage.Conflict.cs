using AiRouter.Admin.Components.Shared.Comparing;
using AiRouter.Admin.Management.Models;
using AiRouter.Core.Configuration;

namespace AiRouter.Admin.Components.Models;

/// <content>Somebody else saved the same model meanwhile.</content>
public sealed partial class ModelEditPage
{
    private async Task ResolveAsync(ModelSave save)
    {
        var read = await Session.ReadAsync(token => Editor.ReadAsync(save.OldName, token));
        if (read.Value is not { } now)
        {
            await ShowAsync(read.Failure!);
            return;
        }

        var conflict = Conflict.OfJson(
            $"The model \"{save.OldName}\"",
            ConfigurationJson.WriteRecord(_model!.Config),
            ConfigurationJson.WriteRecord(now.Config),
            ConfigurationJson.WriteRecord(save.Config));
        switch (await ConflictDialog.AskAsync(Dialogs, conflict))
        {
            case ConflictAnswer.TakeTheirs:
                await ReadAsync();
                break;
            case ConflictAnswer.SaveMine:
                await SaveAsync(save with { Tag = now.Tag });
                break;
            case ConflictAnswer.SaveBoth when Merged(conflict, save.Name) is { } both:
                await SaveAsync(save with { Config = both, Tag = now.Tag });
                break;
            default:
                break;
        }
    }

    private static ModelConfig? Merged(Conflict conflict, string name) => conflict.Merged is { } json
        ? RecordJson.Read<ModelConfig>(System.Text.Encoding.UTF8.GetBytes(json), "models", name).Record
        : null;
}
