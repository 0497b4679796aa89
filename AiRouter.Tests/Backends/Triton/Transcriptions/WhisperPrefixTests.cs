using System.Text;
using AiRouter.Api.Backends.Triton.Transcriptions;

namespace AiRouter.Tests.Backends.Triton.Transcriptions;

public sealed class WhisperPrefixTests
{
    [Theory]
    [InlineData(false, "de", null, "<|startoftranscript|><|de|><|transcribe|><|notimestamps|>")]
    [InlineData(true, "de", null, "<|startoftranscript|><|de|><|translate|><|notimestamps|>")]
    [InlineData(false, null, null, "<|startoftranscript|>")]
    [InlineData(true, null, null, "<|startoftranscript|><|en|><|translate|><|notimestamps|>")]
    [InlineData(false, "en", " Names: Łódź ", "<|startofprev|> Names: Łódź<|startoftranscript|><|en|><|transcribe|><|notimestamps|>")]
    [InlineData(false, null, "<|startoftranscript|><|fr|>", "<|startofprev|> < |startoftranscript|>< |fr|><|startoftranscript|>")]
    public void Prefix_is_what_Whisper_was_trained_on(bool translates, string? language, string? prompt, string expected) =>
        Assert.Equal(
            expected,
            Encoding.UTF8.GetString(WhisperPrefix.Of(new TranscriptionOrder(translates) { Language = language, Prompt = prompt })));

    [Theory]
    [InlineData("en", "en")]
    [InlineData("DE", "de")]
    [InlineData("jv", "jw")]
    [InlineData("nb", "no")]
    [InlineData("yue", "yue")]
    [InlineData("xx", null)]
    [InlineData("english", null)]
    [InlineData("en|><|translate", null)]
    public void Languages_are_those_of_Whisper(string code, string? expected) => Assert.Equal(expected, WhisperLanguages.Find(code));
}
