package org.countersign.signature.api;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.countersign.signature.accounts.ApiTokens;
import org.countersign.signature.accounts.Grants;
import org.countersign.signature.accounts.Memberships;
import org.countersign.signature.accounts.Organisations;
import org.countersign.signature.accounts.Organisations.Organisation;
import org.countersign.signature.accounts.People;
import org.countersign.signature.accounts.RolesForm;
import org.countersign.signature.accounts.TokenForm;
import org.countersign.signature.api.security.RequestCaller;
import org.countersign.signature.domain.InvalidFieldsException;
import org.countersign.support.access.Role;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Organisations, their people with roles, and API tokens. */
@RestController
@RequestMapping("/api/organisations")
class OrganisationController {

    private static final String ADDRESS = "/api/organisations/";

    private final Organisations organisations;
    private final People people;
    private final Memberships memberships;
    private final ApiTokens tokens;

    OrganisationController(Organisations organisations, People people, Memberships memberships, ApiTokens tokens) {
        this.organisations = organisations;
        this.people = people;
        this.memberships = memberships;
        this.tokens = tokens;
    }

    /** The request for an organisation. */
    record OrganisationForm(@Nullable String slug, @Nullable String name) {}

    /** The request for a person. */
    record PersonRequest(
            @Nullable String name,
            @Nullable String mail,
            @Nullable List<@Nullable String> roles,
            @Nullable String petition) {

        /** Hides the personal data. */
        @Override
        public String toString() {
            return "PersonRequest[…]";
        }
    }

    @GetMapping
    List<Organisation> all() {
        return organisations.all();
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Organisation> create(@RequestBody OrganisationForm form) {
        Organisation created = organisations.create(form.slug(), form.name());
        return ResponseEntity.created(URI.create(ADDRESS + created.slug() + "/people"))
                .body(created);
    }

    @GetMapping("/{organisation}/people")
    ResponseEntity<List<People.PersonView>> people(@PathVariable String organisation) {
        return ok(people.of(organisations.get(organisation).id()));
    }

    /** Adds a person. The operator of the installation may add the first operator of an organisation only. */
    @PostMapping(path = "/{organisation}/people", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<People.PersonView> add(@PathVariable String organisation, @RequestBody PersonRequest request) {
        UUID id = organisations.get(organisation).id();
        if (!RequestCaller.grants().has(Set.of(Role.OPERATOR), id) && !isFirstOperator(id, request)) {
            throw forbidden("The operator of the installation adds only the first operator of an organisation.");
        }
        People.PersonView added =
                people.add(id, request.name(), request.mail(), new RolesForm(request.roles(), request.petition()));
        return ResponseEntity.created(URI.create(ADDRESS + organisation + "/people/" + added.id()))
                .cacheControl(CacheControl.noStore())
                .body(added);
    }

    private boolean isFirstOperator(UUID organisation, PersonRequest request) {
        return List.of(Role.OPERATOR.text()).equals(request.roles()) && !organisations.hasOperator(organisation);
    }

    @PutMapping(path = "/{organisation}/people/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<People.PersonView> change(
            @PathVariable String organisation, @PathVariable UUID id, @RequestBody RolesForm roles) {
        return ok(people.change(organisations.get(organisation).id(), id, roles));
    }

    @DeleteMapping("/{organisation}/people/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void remove(@PathVariable String organisation, @PathVariable UUID id) {
        people.remove(organisations.get(organisation).id(), id);
    }

    @GetMapping("/{organisation}/tokens")
    ResponseEntity<List<ApiTokens.TokenView>> tokens(@PathVariable String organisation) {
        return ok(tokens.of(organisations.get(organisation).id()));
    }

    /** Creates a token for the caller or another member. A token cannot create tokens, as it would never end. */
    @PostMapping(path = "/{organisation}/tokens", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<ApiTokens.NewToken> create(@PathVariable String organisation, @RequestBody TokenForm form) {
        UUID id = organisations.get(organisation).id();
        if (RequestCaller.isToken()) {
            throw forbidden("A token cannot create tokens. Sign in to create one.");
        }
        UUID owner = Optional.ofNullable(form.person())
                .or(RequestCaller::person)
                .orElseThrow(() -> new InvalidFieldsException("person", "must be the id of a member"));
        Grants grants = memberships.of(owner, Optional.empty());
        if (grants.memberships().stream().noneMatch(one -> one.organisation().equals(id))) {
            throw new InvalidFieldsException("person", "must be the id of a member");
        }
        return ResponseEntity.status(HttpStatus.CREATED)
                .cacheControl(CacheControl.noStore())
                .body(tokens.create(id, owner, grants, form));
    }

    @DeleteMapping("/{organisation}/tokens/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void revoke(@PathVariable String organisation, @PathVariable UUID id) {
        tokens.revoke(organisations.get(organisation).id(), id);
    }

    private static <T> ResponseEntity<T> ok(T body) {
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(body);
    }

    private static ErrorResponseException forbidden(String detail) {
        return new ErrorResponseException(
                HttpStatus.FORBIDDEN, ProblemDetail.forStatusAndDetail(HttpStatus.FORBIDDEN, detail), null);
    }
}
