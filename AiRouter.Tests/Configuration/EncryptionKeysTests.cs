using System.Security.Cryptography;
using AiRouter.Core.Configuration.Secrets;
using FsCheck;
using FsCheck.Xunit;

namespace AiRouter.Tests.Configuration;

public sealed class EncryptionKeysTests
{
    private static readonly string _first = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    private static readonly string _second = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    private static readonly SecretPlace _place = new("openai", "apiKey", ["https://api.openai.com:443"]);

    [Property(MaxTest = 200)]
    public void What_is_encrypted_is_decrypted_and_never_visible(NonEmptyString secret)
    {
        if (secret.Get.Any(char.IsSurrogate))
        {
            return;
        }

        var keys = Keys(_first);

        var cipherText = keys.Encrypt(secret.Get, _place);

        Assert.StartsWith("enc:v1:", cipherText, StringComparison.Ordinal);
        Assert.Equal(secret.Get, keys.Decrypt(cipherText, _place).Secret);
        Assert.NotEqual(cipherText, keys.Encrypt(secret.Get, _place));
    }

    [Property(MaxTest = 200)]
    public void Any_bit_that_changes_is_found_out(NonEmptyString secret, NonNegativeInt at, byte bit)
    {
        if (secret.Get.Any(char.IsSurrogate))
        {
            return;
        }

        var keys = Keys(_first);
        var cipherText = keys.Encrypt(secret.Get, _place);
        var bytes = System.Buffers.Text.Base64Url.DecodeFromChars(cipherText.AsSpan("enc:v1:".Length));
        bytes[at.Get % bytes.Length] ^= (byte)(1 << (bit % 8));

        var (found, problem) = keys.Decrypt("enc:v1:" + System.Buffers.Text.Base64Url.EncodeToString(bytes), _place);

        Assert.Null(found);
        Assert.Contains("cannot be decrypted", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("other", "apiKey", "https://api.openai.com:443")]
    [InlineData("openai", "headers.x-api-key", "https://api.openai.com:443")]
    [InlineData("openai", "apiKey", "https://evil.example:443")]
    [InlineData("openai", "apiKey", "http://api.openai.com:443")]
    [InlineData("openai", "apiKey", "https://api.openai.com:443", "https://evil.example:443")]
    public void Cipher_text_moved_to_another_place_is_worth_nothing(string backend, string member, params string[] origins)
    {
        var keys = Keys(_first);

        var (secret, problem) = keys.Decrypt(keys.Encrypt("top secret", _place), new SecretPlace(backend, member, origins));

        Assert.Null(secret);
        Assert.Contains("another backend or host", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void First_key_encrypts_and_all_decrypt()
    {
        var old = Keys(_first).Encrypt("top secret", _place);
        var both = Keys($"v2:{_second},v1:{_first}");

        Assert.Equal("v2", both.Newest);
        Assert.Equal("top secret", both.Decrypt(old, _place).Secret);
        Assert.True(both.IsOld(old));
        Assert.StartsWith("enc:v2:", both.Encrypt("top secret", _place), StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_version_is_named()
    {
        var (secret, problem) = Keys($"v2:{_second}").Decrypt(Keys(_first).Encrypt("top secret", _place), _place);

        Assert.Null(secret);
        Assert.Equal("was encrypted under version v1 of AIROUTER_ENCRYPTION_KEY, which is not among its keys (v2)", problem);
    }

    [Theory]
    [InlineData("dG9vIHNob3J0")]
    [InlineData("not base64 at all !")]
    [InlineData("x2:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("v1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=,v1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("v1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=,")]
    public void What_is_no_key_is_told_without_the_value(string text)
    {
        var (keys, problem) = EncryptionKeys.Parse(text);

        Assert.Null(keys);
        Assert.StartsWith("AIROUTER_ENCRYPTION_KEY must be 32 random bytes as base64", problem, StringComparison.Ordinal);
        Assert.DoesNotContain(text, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void No_key_is_no_problem(string? text) => Assert.Equal((null, null), EncryptionKeys.Parse(text));

    [Theory]
    [InlineData("plain text")]
    [InlineData("enc:v1")]
    [InlineData("enc:v1:")]
    [InlineData("enc:v1:AAAA")]
    [InlineData("enc:v1:?")]
    public void What_was_never_encrypted_is_told(string text)
    {
        var (secret, problem) = Keys(_first).Decrypt(text, _place);

        Assert.Null(secret);
        Assert.Contains("no credential that AiRouter encrypted", problem, StringComparison.Ordinal);
    }

    private static EncryptionKeys Keys(string text) => EncryptionKeys.Parse(text).Keys!;
}
