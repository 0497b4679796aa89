using System.Text;
using AiRouter.Admin.Management.Failures;
using AiRouter.Core.Configuration;

namespace AiRouter.Admin.Management;

/// <summary>Documents as people give and get them.</summary>
internal static class ConfigurationText
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The document that a text describes, or what is wrong with the text.</summary>
    public static Outcome<WrittenConfiguration> Read(byte[] utf8, bool isYaml)
    {
        try
        {
            var text = StrictUtf8.GetString(utf8).TrimStart('\uFEFF');
            return isYaml ? WrittenConfiguration.OfYaml(text, "the request") : WrittenConfiguration.OfJson(text, "the request");
        }
        catch (DecoderFallbackException)
        {
            return ManagementFailure.Invalid("", "the document is not UTF-8 text");
        }
    }
}
