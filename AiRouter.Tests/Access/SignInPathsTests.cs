using AiRouter.Admin.Authentication;

namespace AiRouter.Tests.Access;

public sealed class SignInPathsTests
{
    [Theory]
    [InlineData("/models", "/models")]
    [InlineData("/models/edit?name=a%2Fb", "/models/edit?name=a%2Fb")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("https://evil.example", "/")]
    [InlineData("javascript:alert(1)", "/")]
    [InlineData("/a\nb", "/")]
    [InlineData("/sign-out", "/")]
    [InlineData("/sign-in?returnUrl=/x", "/")]
    [InlineData("", "/")]
    [InlineData(null, "/")]
    public void Nobody_is_sent_elsewhere(string? given, string expected)
    {
        Assert.Equal(expected, SignInPaths.Local(given));
    }

    [Fact]
    public void Page_to_sign_in_is_told_where_to_go_on_and_why()
    {
        Assert.Equal("/sign-in", SignInPaths.To("/"));
        Assert.Equal(
            "/sign-in?returnUrl=%2Fmodels%2Fedit%3Fname%3Da%252Fb&reason=TimeIsOver",
            SignInPaths.To("/models/edit?name=a%2Fb", SignInReason.TimeIsOver));
    }
}
