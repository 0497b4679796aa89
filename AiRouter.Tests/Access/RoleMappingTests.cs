using AiRouter.Admin.Authentication;
using AiRouter.Core.Administration;

namespace AiRouter.Tests.Access;

/// <summary>Who has which role, whom others authenticated.</summary>
public sealed class RoleMappingTests
{
    [Theory]
    [InlineData("admin=ops;viewer=*", "ops", AdminRole.Admin)]
    [InlineData("viewer=*;admin=ops", "ops", AdminRole.Admin)]
    [InlineData("admin=ops;editor=ml,data;viewer=*", "data", AdminRole.Editor)]
    [InlineData("admin=ops;viewer=*", "somebody", AdminRole.Viewer)]
    [InlineData("admin=ops", "somebody", null)]
    [InlineData("admin=ops", "OPS", null)]
    [InlineData("admin=ops", "*", null)]
    [InlineData(" Admin = ops , ann@example.com ; ", "ann@example.com", AdminRole.Admin)]
    [InlineData(@"admin=CN=ops\,OU=it,other", "CN=ops,OU=it", AdminRole.Admin)]
    [InlineData(@"admin=a\;b;viewer=c", "a;b", AdminRole.Admin)]
    [InlineData(@"admin=a\\,b", "a\\", AdminRole.Admin)]
    public void Highest_role_that_a_name_has_counts(string mapping, string name, AdminRole? role)
    {
        Assert.Equal(role, Parsed(mapping).RoleOf([name])?.Role);
    }

    [Fact]
    public void Nobody_without_names_has_a_role_unless_everybody_has()
    {
        Assert.Null(Parsed("admin=ops").RoleOf([]));
        Assert.Equal(AdminRole.Viewer, Parsed("admin=ops;viewer=*").RoleOf([])?.Role);
    }

    [Fact]
    public void Reading_bodies_is_a_right_beside_a_role_and_gives_none()
    {
        var mapping = Parsed("editor=ml;readBodies=auditors");

        Assert.Equal((AdminRole.Editor, true), mapping.RoleOf(["ml", "auditors"]));
        Assert.Equal((AdminRole.Editor, false), mapping.RoleOf(["ml"]));
        Assert.Null(mapping.RoleOf(["auditors"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData(";")]
    [InlineData("admin")]
    [InlineData("admin=")]
    [InlineData("admin=,")]
    [InlineData("owner=ann")]
    [InlineData("2=ann")]
    [InlineData("=ann")]
    [InlineData("readBodies=ann")]
    public void Mapping_that_means_nothing_is_refused_with_an_example(string text)
    {
        var (mapping, problem) = RoleMapping.Parse("AIROUTER_OIDC_ROLES", text);

        Assert.Null(mapping);
        Assert.StartsWith("AIROUTER_OIDC_ROLES", problem, StringComparison.Ordinal);
        Assert.Contains("admin=platform-team", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_mapping_has_another_fingerprint()
    {
        Assert.NotEqual(Parsed("admin=a").Fingerprint, Parsed("admin=b").Fingerprint);
        Assert.Equal(Parsed("admin=a").Fingerprint, Parsed("admin=a").Fingerprint);
    }

    private static RoleMapping Parsed(string text) => RoleMapping.Parse("ROLES", text).Mapping!;
}
