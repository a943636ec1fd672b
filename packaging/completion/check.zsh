#!/usr/bin/env zsh
# What a person at zsh gets: check.zsh SIGNET. A shell behind a terminal of its own is typed at, with a tab at the end,
# and shows its line when it has completed it.
emulate -L zsh
zmodload zsh/zpty
folder=${0:A:h}
bin=${1:A:h}

# Reads up to this text; the caller's time-out ends a wait in vain.
wait_for() {
  zpty -r shell said "*$1*" || {
    print -u2 "check.zsh: no \"$1\" but: $said"
    exit 1
  }
}

# gives TYPED WANTED: a tab behind the one makes it the other.
gives() {
  zpty -w -n shell "$1"$'\t'
  wait_for ']]'
  [[ $said == *"[[$2]]"* ]] || {
    print -u2 "check.zsh: \"$1\" becomes not \"$2\" but: $said"
    exit 1
  }
  zpty -w -n shell $'\C-u'
  ((++count))
}

zpty -b shell "PATH=$bin:$PATH TERM=dumb zsh -f -i"
trap 'zpty -d shell 2>/dev/null' EXIT
setup=(
  "PROMPT='ready''> '"
  "fpath=($folder \$fpath)"
  'autoload -Uz compinit && compinit -u -D'
  'complete_and_show() { zle complete-word; print -r -- "[[$BUFFER]""]" }'
  'zle -N complete_and_show && bindkey "^I" complete_and_show'
)
zpty -w shell "${(j:; :)setup}"
wait_for 'ready> '

gives 'signet ke' 'signet key '
gives 'signet key gen' 'signet key generate '
gives 'signet csr old --has' 'signet csr old --hash '
gives 'signet csr old --hash SHA3' 'signet csr old --hash SHA384 '
gives 'signet key generate --type ec:P-5' 'signet key generate --type ec:P-521 '
gives 'signet cert import chain.pem --ro' 'signet cert import chain.pem --roots '
gives "signet cert import chain.pem --roots $folder/signet.f" "signet cert import chain.pem --roots $folder/signet.fish "
gives 'signet key xyz' 'signet key xyz'
print "zsh's completion is as it should be: $count lines"
