using System.Text;
using AiRouter.Core.Configuration;

namespace AiRouter.Admin.Management;

/// <summary>Documents as people give and get them.</summary>
internal static class ConfigurationText
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The records that a text describes, or what is wrong with it.</summary>
    public static (RouterConfig? Config, IReadOnlyList<ConfigurationProblem> Problems) Read(byte[] utf8, bool isYaml)
    {
        try
        {
            var text = StrictUtf8.GetString(utf8).TrimStart('\uFEFF');
            return isYaml ? ConfigurationJson.ReadYaml(text, "the request") : ConfigurationJson.Read(text, "the request");
        }
        catch (DecoderFallbackException)
        {
            return (null, [new ConfigurationProblem("", "the document is not UTF-8 text", null)]);
        }
    }
}
