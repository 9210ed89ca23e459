// html-validate's rules: all that are recommended. Each that is off has its reason here.
const style = {
  // Matters of taste, not of what a browser makes of it.
  "doctype-style": "off",
  "long-title": "off",
  // A button that says nothing submits, an input that says nothing takes text: that is what ours are for.
  "no-implicit-button-type": "off",
  "no-implicit-input-type": "off",
  // A number that may break at its space is read and dialled the same.
  "tel-non-breaking": "off",
};

export const page = { root: true, extends: ["html-validate:recommended"], rules: style };

export const mail = {
  ...page,
  rules: {
    ...style,
    // Mail programs drop style sheets or parts of them: what matters has to stand in each element.
    "no-inline-style": "off",
    // Classic Outlook lays out by the width, align and cellpadding attributes, not by CSS.
    "no-deprecated-attr": "off",
    // The table of fixed width that only classic Outlook gets stands in such comments.
    "no-conditional-comment": "off",
    // "presentation" is the older of the two names, and the one that older screen readers know.
    "presentation-role-style": ["error", { prefer: "presentation" }],
    // Webmail rewrites or drops <main>; role="main" on a div is left alone.
    "prefer-native-element": ["error", { exclude: ["main"] }],
  },
};
